// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.MalformedException;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.util.Map;

/// Where a device is and how to speak to it, as a person writes it: `udp://host:1337`.
public sealed interface Target {
  /// SMP over UDP.
  record Udp(String host, int port) implements Target {
    public static final int PORT_DEFAULT = 1337;

    public Udp {
      if (host.isEmpty() || !isPort(port)) {
        throw new IllegalArgumentException(
            "no UDP target: host '%s', port %d".formatted(host, port));
      }
    }

    private static boolean isPort(int port) {
      return port >= 1 && port <= 0xffff;
    }

    @Override
    public String toString() {
      return "udp://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port;
    }
  }

  /// Wires of later versions, so that the sentence can tell a missing wire from a typing error.
  Map<String, String> LATER =
      Map.of(
          "dtls", "SMP over DTLS",
          "serial", "the serial console",
          "uart", "the raw UART",
          "ble", "Bluetooth LE");

  static Target parse(String text) throws MalformedException {
    URI uri;
    try {
      uri = new URI(text);
    } catch (URISyntaxException _) {
      throw noTarget(text);
    }
    String scheme = uri.getScheme();
    if (scheme == null || uri.isOpaque()) {
      throw noTarget(text);
    }
    String later = LATER.get(scheme);
    if (later != null) {
      throw new MalformedException(
          "this version does not speak %s yet, only udp://HOST:PORT".formatted(later), 0);
    }
    if (!scheme.equals("udp")) {
      throw new MalformedException(
          "'%s' is no way to a device, expected udp://HOST:PORT".formatted(scheme), 0);
    }
    String host = uri.getHost();
    int port = uri.getPort() == -1 ? Udp.PORT_DEFAULT : uri.getPort();
    if (host == null || !Udp.isPort(port) || !saysOnlyWhere(uri)) {
      throw noTarget(text);
    }
    boolean literal = host.startsWith("[") && host.endsWith("]");
    return new Udp(literal ? host.substring(1, host.length() - 1) : host, port);
  }

  /// What UDP has no use for was meant for something else.
  private static boolean saysOnlyWhere(URI uri) {
    return uri.getRawPath().isEmpty()
        && uri.getRawUserInfo() == null
        && uri.getRawQuery() == null
        && uri.getRawFragment() == null;
  }

  private static MalformedException noTarget(String text) {
    return new MalformedException("'%s' is no target, expected udp://HOST:PORT".formatted(text), 0);
  }

  /// Opens the way; a device need not be there yet.
  default Link open() throws IOException {
    return switch (this) {
      case Udp udp -> UdpLink.open(udp);
    };
  }
}
