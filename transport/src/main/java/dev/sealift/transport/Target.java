// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.MalformedException;
import dev.sealift.transport.ble.BleTarget;
import dev.sealift.transport.ble.Bluetooth;
import java.io.IOException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.Optional;

/// Where a device is and how to speak to it, as a person writes it.
///
/// ```
/// udp://HOST[:PORT]
/// dtls://HOST[:PORT]?psk-id=NAME&psk=FILE       or  ?ca=FILE[&cert=FILE&key=FILE]
/// serial:///dev/ttyACM0[?baud=115200]           the console
/// uart:///dev/ttyACM0[?baud=115200]             raw
/// ble://AA:BB:CC:DD:EE:FF[?adapter=hci0&encryption=none]        or  ble://NAME
/// ```
public sealed interface Target {
  /// Zephyr's port for SMP, over UDP and over DTLS.
  int PORT_DEFAULT = 1337;

  /// SMP over UDP.
  record Udp(String host, int port) implements Target {
    public Udp {
      requireHost("UDP", host, port);
    }

    @Override
    public String toString() {
      return "udp://" + authority(host, port);
    }
  }

  /// SMP over DTLS. Printed without its keys: where, not with what.
  record Dtls(String host, int port, DtlsKeys keys) implements Target {
    public Dtls {
      requireHost("DTLS", host, port);
    }

    @Override
    public String toString() {
      return "dtls://" + authority(host, port);
    }
  }

  /// The console of a serial port.
  record Serial(String port, int baud) implements Target {
    public Serial {
      requirePort(port, baud);
    }

    @Override
    public String toString() {
      return device("serial", port, baud);
    }
  }

  /// A serial port with nothing on it but SMP.
  record Uart(String port, int baud) implements Target {
    public Uart {
      requirePort(port, baud);
    }

    @Override
    public String toString() {
      return device("uart", port, baud);
    }
  }

  /// SMP over Bluetooth LE, through BlueZ.
  record Ble(BleTarget target) implements Target {
    @Override
    public String toString() {
      return target.toString();
    }
  }

  private static void requireHost(String wire, String host, int port) {
    if (host.isEmpty() || port < 1 || port > 0xffff) {
      throw new IllegalArgumentException(
          "no %s target: host '%s', port %d".formatted(wire, host, port));
    }
  }

  private static void requirePort(String port, int baud) {
    if (port.isEmpty() || baud < Uri.BAUD_MIN || baud > Uri.BAUD_MAX) {
      throw new IllegalArgumentException("no serial port: '%s', %d baud".formatted(port, baud));
    }
  }

  private static String authority(String host, int port) {
    return (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
  }

  private static String device(String scheme, String port, int baud) {
    return "%s://%s%s"
        .formatted(scheme, Uri.encoded(port), baud == Uri.BAUD_DEFAULT ? "" : "?baud=" + baud);
  }

  static Target parse(String text) throws MalformedException {
    Uri uri = Uri.parse(text);
    return switch (uri.scheme()) {
      case "udp" -> {
        Uri.Authority where = uri.authority("udp://HOST:PORT");
        uri.onlyParameters();
        yield new Udp(where.host(), where.port());
      }
      case "dtls" -> {
        uri.onlyParameters("psk-id", "psk", "ca", "cert", "key");
        Uri.Authority where = uri.authority("dtls://HOST:PORT?psk-id=NAME&psk=FILE");
        yield new Dtls(where.host(), where.port(), keys(uri));
      }
      case "serial" -> new Serial(uri.device(), uri.baud());
      case "uart" -> new Uart(uri.device(), uri.baud());
      case "ble" -> ble(uri);
      default ->
          throw new MalformedException(
              "'%s' is no way to a device, expected udp, dtls, serial, uart or ble"
                  .formatted(uri.scheme()),
              0);
    };
  }

  private static Ble ble(Uri uri) throws MalformedException {
    uri.onlyParameters("adapter", "encryption");
    String device = uri.name("ble://AA:BB:CC:DD:EE:FF or ble://NAME");
    return BleTarget.parse(device, uri.parameter("adapter"), uri.parameter("encryption"))
        .map(Ble::new)
        .orElseThrow(() -> uri.wrong("adapter=hci0 or encryption=none behind the '?'"));
  }

  private static DtlsKeys keys(Uri uri) throws MalformedException {
    Optional<Path> psk = file(uri, "psk");
    Optional<String> identity = uri.parameter("psk-id");
    Optional<Path> authority = file(uri, "ca");
    Optional<Path> certificate = file(uri, "cert");
    Optional<Path> key = file(uri, "key");
    boolean hasPsk = psk.isPresent() && identity.isPresent();
    boolean hasCertificates =
        certificate.isPresent() == key.isPresent()
            && (authority.isPresent() || certificate.isPresent());
    if (hasPsk && authority.isEmpty() && certificate.isEmpty() && key.isEmpty()) {
      return new DtlsKeys.Psk(identity.get(), psk.get());
    }
    if (hasCertificates && psk.isEmpty() && identity.isEmpty()) {
      return new DtlsKeys.Certificates(
          authority, certificate.map(own -> new DtlsKeys.Own(own, key.orElseThrow())));
    }
    throw uri.wrong("dtls://HOST:PORT?psk-id=NAME&psk=FILE or ?ca=FILE[&cert=FILE&key=FILE]");
  }

  private static Optional<Path> file(Uri uri, String name) throws MalformedException {
    try {
      return uri.parameter(name).map(Path::of);
    } catch (InvalidPathException _) {
      throw uri.wrong("%s=FILE to name a file".formatted(name));
    }
  }

  /// Opens the way; a device need not be there yet. What a restart of the device takes away is
  /// opened anew.
  default Link open() throws IOException {
    return switch (this) {
      case Udp udp -> UdpLink.open(udp);
      case Dtls dtls -> DtlsLink.open(dtls);
      case Serial serial -> RenewedLink.open(() -> SerialLink.open(serial));
      case Uart uart -> RenewedLink.open(() -> SerialLink.open(uart));
      case Ble ble -> RenewedLink.open(() -> Bluetooth.ofThisMachine().open(ble.target()));
    };
  }
}
