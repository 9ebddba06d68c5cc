// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

/// UUIDs that are made of a name, so that everybody who knows the name makes the same one (RFC
/// 9562, version 5). Written as the 16 bytes that images and permits carry.
public final class NamedUuid {
  public static final int BYTES = 16;

  /// The name space of domain names.
  public static final Bytes DOMAIN_NAMES = Bytes.ofHex("6ba7b8109dad11d180b400c04fd430c8");

  private NamedUuid() {}

  /// The name space is a UUID itself, so that names nest.
  public static Bytes of(Bytes nameSpace, String name) {
    byte[] hash = nameSpace.plus(Bytes.ofUtf8(name)).digest("SHA-1").first(BYTES).toArray();
    hash[6] = (byte) ((hash[6] & 0x0f) | 0x50);
    hash[8] = (byte) ((hash[8] & 0x3f) | 0x80);
    return Bytes.owning(hash);
  }
}
