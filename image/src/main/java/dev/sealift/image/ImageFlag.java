// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import java.util.Arrays;
import java.util.EnumSet;
import java.util.Set;

/// The flag bits of the header that MCUboot defines.
public enum ImageFlag {
  PIC(0x1),
  ENCRYPTED_AES128(0x4),
  ENCRYPTED_AES256(0x8),
  NON_BOOTABLE(0x10),
  RAM_LOAD(0x20),
  ROM_FIXED(0x100),
  COMPRESSED_LZMA1(0x200),
  COMPRESSED_LZMA2(0x400),
  COMPRESSED_ARM_THUMB(0x800);

  private static final long KNOWN = Arrays.stream(values()).mapToLong(f -> f.mask).sum();

  private final long mask;

  ImageFlag(long mask) {
    this.mask = mask;
  }

  public long mask() {
    return mask;
  }

  public static Set<ImageFlag> in(long flags) {
    Set<ImageFlag> set = EnumSet.noneOf(ImageFlag.class);
    for (ImageFlag flag : values()) {
      if ((flags & flag.mask) != 0) {
        set.add(flag);
      }
    }
    return set;
  }

  /// The bits that no flag is defined for.
  public static long unknown(long flags) {
    return flags & ~KNOWN;
  }
}
