// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// Why a bootloader does not take the image in a slot.
public enum ImageRefusal {
  NO_IMAGE("the slot holds no image"),
  NOT_BOOTABLE("the image is marked as not bootable"),
  MAGIC_WRONG("the header has a wrong magic"),
  SIZES_WRONG("the sizes in the header overflow or exceed the slot"),
  ENCRYPTED("the image is encrypted, this bootloader decrypts none"),
  COMPRESSED("the image is compressed, this bootloader unpacks none"),
  KEY_MISSING("the image names no key this bootloader could open"),
  KEY_WRONG("the image's key is not meant for this device"),
  NOT_FOR_RAM("the image is not made for RAM, or not for the RAM of this device"),
  WRONG_ADDRESS("the image is made for another address"),
  WRONG_PLACE("an image at the very start of the secondary slot, where offset mode wants none"),
  ON_TRIAL_BEFORE("the image was started before and did not confirm itself"),
  TRAILER_BAD("the slot has no good trailer"),
  WRONG_VENDOR("the image is not of this device's vendor"),
  WRONG_CLASS("the image is not for this class of device"),
  DEPENDENCY("an image would lack the version of another that it needs"),
  UNPACKED_WRONG("the image does not unpack to what it says"),
  TLVS_MALFORMED("the TLV areas are malformed"),
  TOO_LARGE("the image with its TLVs is too large to be swapped"),
  TLV_NOT_ALLOWED("a TLV outside the protected area that must be inside"),
  HASH_MISSING("no hash"),
  HASH_WRONG("the hash does not match"),
  NOT_PURE("the signature is not over the image itself, as this bootloader wants it"),
  KEY_HASH_WRONG("the hash of the key is too long"),
  KEY_TOO_LONG("the key that the image carries is too long"),
  SIGNATURE_MISSING("no signature under a trusted key"),
  SIGNATURE_WRONG("the signature does not verify"),
  COUNTER_MISSING("no security counter"),
  COUNTER_TOO_LOW("the security counter is lower than the device's"),
  DOWNGRADE("the image is older than the running one"),
  TOO_MANY_SECTORS("the slot has more sectors than the bootloader can count");

  private final String words;

  ImageRefusal(String words) {
    this.words = words;
  }

  /// For the person at the prompt.
  public String words() {
    return words;
  }
}
