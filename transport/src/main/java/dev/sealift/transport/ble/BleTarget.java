// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.regex.Pattern;

/// Which device is meant and what its link must be, as a person writes it:
/// `ble://AA:BB:CC:DD:EE:FF` or `ble://NAME`, and behind it `?adapter=hci1` or `?encryption=none`.
public record BleTarget(Device device, Optional<String> adapter, Encryption encryption) {
  /// What tells the device from others.
  public sealed interface Device {
    record Address(BleAddress address) implements Device {
      @Override
      public String toString() {
        return address.toString();
      }
    }

    /// What it calls itself, or what this machine's owner calls it. Anybody can take a name: one of
    /// a paired device means that device alone.
    record Name(String name) implements Device {
      public Name {
        if (name.isBlank()) {
          throw new IllegalArgumentException("a name must not be blank");
        }
      }

      @Override
      public String toString() {
        return name;
      }
    }

    static Device of(String text) {
      return BleAddress.of(text).<Device>map(Address::new).orElseGet(() -> new Name(text));
    }
  }

  /// Whether an update may go over a link that is not encrypted.
  public enum Encryption {
    REQUIRED,
    NOT_ASKED
  }

  private static final Pattern ADAPTER = Pattern.compile("hci[0-9]{1,4}");

  public BleTarget {
    adapter.ifPresent(
        name -> {
          if (!ADAPTER.matcher(name).matches()) {
            throw new IllegalArgumentException("'%s' is no adapter of Bluetooth".formatted(name));
          }
        });
  }

  public static BleTarget of(Device device) {
    return new BleTarget(device, Optional.empty(), Encryption.REQUIRED);
  }

  /// From the parts of a target; nothing where one of them is none.
  public static Optional<BleTarget> parse(
      String device, Optional<String> adapter, Optional<String> encryption) {
    if (adapter.filter(name -> !ADAPTER.matcher(name).matches()).isPresent()
        || encryption.filter(told -> !told.equals("none")).isPresent()) {
      return Optional.empty();
    }
    return Optional.of(
        new BleTarget(
            Device.of(device),
            adapter,
            encryption.isPresent() ? Encryption.NOT_ASKED : Encryption.REQUIRED));
  }

  @Override
  public String toString() {
    StringBuilder text = new StringBuilder("ble://");
    text.append(
        switch (device) {
          case Device.Address(var address) -> address.toString();
          case Device.Name(var name) ->
              URLEncoder.encode(name, StandardCharsets.UTF_8).replace("+", "%20");
        });
    adapter.ifPresent(name -> text.append("?adapter=").append(name));
    if (encryption == Encryption.NOT_ASKED) {
      text.append(adapter.isPresent() ? "&" : "?").append("encryption=none");
    }
    return text.toString();
  }
}
