// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import java.util.Locale;

/// Why an image is refused. The codes are stable: scripts compare them.
public enum RefusalReason {
  /// The file is called Intel HEX, and no image can be read out of it as such.
  BAD_HEX,
  TRUNCATED,
  BAD_MAGIC,
  BAD_HEADER,
  BAD_FLAGS,
  BAD_TLV,
  PROTECTED_SIZE_MISMATCH,
  DUPLICATE_TLV,
  UNPROTECTED_TLV_NOT_ALLOWED,
  NO_HASH,
  HASH_MISMATCH,
  NO_SIGNATURE,
  UNKNOWN_KEY,
  BAD_SIGNATURE,
  TRAILING_DATA,
  BAD_TRAILER,
  NON_BOOTABLE,
  TOO_BIG,
  DOWNGRADE_VERSION,
  DOWNGRADE_COUNTER,
  DEPENDENCY_UNMET,
  UUID_MISMATCH,
  WRONG_SLOT_ADDRESS,
  /// The content key is missing, damaged, or wrapped for another device.
  ENC_KEY,
  /// The image is encrypted and no key to open it was given: nothing can be said about it.
  ENCRYPTED,
  /// What the payload decompresses to is not what the image says, or nothing at all.
  BAD_COMPRESSION,
  /// The image is compressed in a way that nobody defined.
  COMPRESSED;

  /// As in `hash-mismatch`.
  public String code() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
