// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;

/// The profiles that come along, by name. They name no keys: whoever uses one says which.
public final class ShippedProfiles {
  private static final List<String> NAMES =
      List.of("nrf52840", "nrf5340", "nrf54l15", "zephyr-512k");

  private ShippedProfiles() {}

  public static List<String> names() {
    return NAMES;
  }

  /// The file as it is shipped, with its remarks.
  public static String text(String name) {
    if (!NAMES.contains(name)) {
      throw new IllegalArgumentException("no profile comes along by the name of " + name);
    }
    try (InputStream in = ShippedProfiles.class.getResourceAsStream("profiles/" + name + ".toml")) {
      if (in == null) {
        throw new IllegalStateException("the profile %s was not packed".formatted(name));
      }
      return Bytes.owning(in.readAllBytes()).toUtf8();
    } catch (IOException e) {
      throw new IllegalStateException("the profile %s cannot be read".formatted(name), e);
    }
  }

  public static DeviceProfile profile(String name) {
    try {
      return DeviceProfileFile.read(
          text(name),
          key -> {
            throw new IllegalStateException("a shipped profile names the key " + key);
          });
    } catch (MalformedException e) {
      throw new IllegalStateException("the profile %s is wrong".formatted(name), e);
    }
  }
}
