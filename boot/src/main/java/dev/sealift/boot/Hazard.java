// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// An image that meets a fault of the real bootloader: how it does harm, and how sure that is. The
/// faults were seen in recorded boots (`vectors/boot`, category `fault`); the model has them too.
public enum Hazard {
  /// The header of the old image is looked for where the new one already is, so the only sector
  /// is never copied back.
  ONE_SECTOR_IN_OFFSET(
      Severity.BRICKS,
      "the image fits one sector: in offset mode a power cut during its swap can leave a device"
          + " on which nothing boots"),

  /// The end of the scratch area is read as a trailer at every boot, though it is data.
  TRAILER_IN_SCRATCH(
      Severity.BRICKS,
      "a sector of the image ends like a trailer: in scratch mode the bootloader may take it for"
          + " one, and swap again or destroy both slots"),

  /// One write unit more than the image has is copied, into a sector that was not erased.
  WHOLE_SECTORS_IN_OVERWRITE(
      Severity.BRICKS,
      "the image ends exactly with a sector: a bootloader that overwrites copies one write unit"
          + " more, into a sector it has not erased, and stops there at every boot"),

  /// The size of the running image is not checked before it is moved.
  RUNNING_IMAGE_TOO_LARGE(
      Severity.BRICKS,
      "the running image is too large to be swapped: the update would end with nothing that boots"),

  /// The same mistaken header: the last copy of the longer old image is left out.
  OLD_IMAGE_LONGER_IN_OFFSET(
      Severity.MAY_LOSE_OLD,
      "the running image is two or more sectors longer: in offset mode a power cut at the end of"
          + " the swap can lose its last sector, and with it the way back"),

  /// And once more: the last sector is encrypted on its way back by the bounds of the new image.
  /// Found by the model, in no recording.
  OLD_IMAGE_ENCRYPTED_IN_OFFSET(
      Severity.MAY_LOSE_OLD,
      "the device decrypts: in offset mode a power cut at the end of the swap can leave the last"
          + " sector of the old image wrongly encrypted, and no way back"),

  /// An erase of the scratch area that is cut half way leaves its trailer without its data.
  TRAILER_SECTOR_IN_SCRATCH(
      Severity.MAY_BRICK,
      "the image reaches into the sector of the trailer: in scratch mode a power cut within the"
          + " erase of the scratch area can leave a device on which nothing boots");

  /// What is at stake, the worst first.
  public enum Severity {
    /// Foreseeable and fatal: an agent refuses the image.
    BRICKS,
    /// Fatal, at one moment of bad luck.
    MAY_BRICK,
    /// The new image runs; the old one may be gone.
    MAY_LOSE_OLD
  }

  private final Severity severity;
  private final String words;

  Hazard(Severity severity, String words) {
    this.severity = severity;
    this.words = words;
  }

  public Severity severity() {
    return severity;
  }

  /// For the person at the prompt.
  public String words() {
    return words;
  }
}
