// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import dev.sealift.image.ImageFlag;
import dev.sealift.image.ImageHeader;
import java.util.Optional;

/// The two sizes of a content key, each with the header flag that announces it.
public enum ContentKeySize {
  AES_128(16, ImageFlag.ENCRYPTED_AES128),
  AES_256(32, ImageFlag.ENCRYPTED_AES256);

  private final int bytes;
  private final ImageFlag flag;

  ContentKeySize(int bytes, ImageFlag flag) {
    this.bytes = bytes;
    this.flag = flag;
  }

  public int bytes() {
    return bytes;
  }

  public int bits() {
    return 8 * bytes;
  }

  public ImageFlag flag() {
    return flag;
  }

  /// The size that the header announces; none when it announces no encryption, or both sizes.
  public static Optional<ContentKeySize> of(ImageHeader header) {
    boolean both = header.has(AES_128.flag) && header.has(AES_256.flag);
    for (ContentKeySize size : values()) {
      if (header.has(size.flag) && !both) {
        return Optional.of(size);
      }
    }
    return Optional.empty();
  }

  public static Optional<ContentKeySize> ofBytes(int count) {
    for (ContentKeySize size : values()) {
      if (size.bytes == count) {
        return Optional.of(size);
      }
    }
    return Optional.empty();
  }
}
