// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import java.util.Optional;

/// What a bootloader insists on: MCUboot's build options, each with the name of what it means.
///
/// `vendor` and `imageClass` are the UUIDs that an image must name in its protected area, by
/// reading; empty where the bootloader does not ask.
public record BootPolicy(
    Trust trust,
    PrimaryCheck primaryCheck,
    Downgrade downgrade,
    Rollback rollback,
    Scramble scramble,
    Bootstrap bootstrap,
    TlvRule tlvRule,
    Decryption decryption,
    Unpacking unpacking,
    Optional<Bytes> vendor,
    Optional<Bytes> imageClass) {

  /// How closely the image in the primary slot is looked at before it starts.
  public enum PrimaryCheck implements Option {
    /// Hash and signature, at every boot.
    WHOLE,
    /// Only the magic of its header.
    MAGIC_ONLY
  }

  /// Whether a test or permanent swap may bring an older image. A revert always may.
  public enum Downgrade implements Option {
    ALLOWED,
    /// Not by version; equal passes, and the build number is not compared.
    REFUSED_BY_VERSION,
    /// Not by the security counters in the two images; equal passes, and a running image without
    /// one lets anything pass. Overwrite knows only versions and compares these.
    REFUSED_BY_COUNTER
  }

  /// Whether the device remembers the highest security counter it has run.
  public enum Rollback implements Option {
    UNPROTECTED,
    /// No image below the remembered counter, or without one, starts.
    COUNTER_IN_DEVICE
  }

  /// How much of a refused image is erased.
  public enum Scramble implements Option {
    WHOLE_SLOT,
    /// The first sector and the trailer.
    HEADER_AND_TRAILER
  }

  /// What happens when the primary slot is blank or damaged, and nothing was asked for.
  public enum Bootstrap implements Option {
    OFF,
    /// A valid image in the secondary slot is installed.
    FROM_SECONDARY
  }

  /// What may stand outside the protected TLV area, where no hash covers it.
  public enum TlvRule implements Option {
    /// Only what hash, signature and decryption themselves need.
    ALLOW_LIST,
    /// Anything. By reading.
    ANYTHING
  }

  /// Whether compressed images are unpacked on their way into the primary slot: only Nordic's
  /// bootloader can, and only when it overwrites. By reading.
  public enum Unpacking implements Option {
    REFUSED,
    LZMA2
  }

  /// Zephyr's defaults.
  public static BootPolicy of(Trust trust) {
    return new BootPolicy(
        trust,
        PrimaryCheck.WHOLE,
        Downgrade.ALLOWED,
        Rollback.UNPROTECTED,
        Scramble.WHOLE_SLOT,
        Bootstrap.OFF,
        TlvRule.ALLOW_LIST,
        new Decryption.None(),
        Unpacking.REFUSED,
        Optional.empty(),
        Optional.empty());
  }

  /// One of the choices; the type says which.
  public sealed interface Option
      permits Trust,
          PrimaryCheck,
          Downgrade,
          Rollback,
          Scramble,
          Bootstrap,
          TlvRule,
          Decryption,
          Unpacking {}

  /// The same with this one chosen otherwise.
  public BootPolicy with(Option other) {
    return new BootPolicy(
        other instanceof Trust chosen ? chosen : trust,
        other instanceof PrimaryCheck chosen ? chosen : primaryCheck,
        other instanceof Downgrade chosen ? chosen : downgrade,
        other instanceof Rollback chosen ? chosen : rollback,
        other instanceof Scramble chosen ? chosen : scramble,
        other instanceof Bootstrap chosen ? chosen : bootstrap,
        other instanceof TlvRule chosen ? chosen : tlvRule,
        other instanceof Decryption chosen ? chosen : decryption,
        other instanceof Unpacking chosen ? chosen : unpacking,
        vendor,
        imageClass);
  }

  /// Every image must name this vendor and this class.
  public BootPolicy identified(Bytes vendorId, Bytes classId) {
    return new BootPolicy(
        trust,
        primaryCheck,
        downgrade,
        rollback,
        scramble,
        bootstrap,
        tlvRule,
        decryption,
        unpacking,
        Optional.of(vendorId),
        Optional.of(classId));
  }
}
