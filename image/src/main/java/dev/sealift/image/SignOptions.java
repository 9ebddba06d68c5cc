// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.image.compression.Compression;
import dev.sealift.image.compression.Lzma2Settings;
import dev.sealift.image.encryption.ContentKeySource;
import java.nio.ByteOrder;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;

/// What an image shall say besides its payload. [#of] gives what most builds want; [#toBuilder]
/// changes single answers.
public record SignOptions(
    ImageVersion version,
    HeaderRoom header,
    SlotLayout slot,
    Padding padding,
    int erasedValue,
    ByteOrder order,
    Tlv.TypeForm typeForm,
    Placement placement,
    Bootability bootability,
    KeyForm keyForm,
    Optional<HashAlgorithm> hash,
    SignatureScheme.Over signedOver,
    SignatureForm signatureForm,
    Protected protectedData,
    Optional<Compression> compression,
    Lzma2Settings lzma2,
    Secrecy secrecy) {
  /// Where the header goes. Builds for MCUboot leave zeros for it at the start of the binary.
  public record HeaderRoom(int size, Source source) {
    public HeaderRoom {
      if (size < ImageHeader.SIZE || size > 0xffff) {
        throw new IllegalArgumentException("header size must be 32 to 65535, is " + size);
      }
    }
  }

  /// Who made the room for the header.
  public enum Source {
    /// The build: the input begins with zeros.
    RESERVED,
    /// Nobody: it is put before the input.
    PREPENDED
  }

  /// Whether the file ends with the image or fills its slot.
  public enum Padding {
    NONE,
    /// Up to the end of the slot, with a trailer: the bootloader will try the image once.
    PADDED,
    /// The same, marked as confirmed: the bootloader keeps the image.
    CONFIRMED
  }

  /// Where the image runs.
  public sealed interface Placement {
    /// In the slot it is booted from.
    record InSlot() implements Placement {}

    /// Copied into RAM first.
    record Ram(long address) implements Placement {}

    /// In flash, at one address only.
    record Rom(long address) implements Placement {}
  }

  /// Whether the bootloader may start the image at all.
  public enum Bootability {
    BOOTABLE,
    NON_BOOTABLE
  }

  /// How the image names the key.
  public enum KeyForm {
    HASH,
    /// In full, for bootloaders that know only the hash of their keys.
    FULL
  }

  /// How long a signature on a curve is, whose two numbers take a few bytes more or less.
  public enum SignatureForm {
    AS_LONG_AS_IT_IS,
    /// With zeros behind it up to the longest: TLVs of one length. Bootloaders on Mbed TLS refuse
    /// it, those on TinyCrypt do not.
    PADDED
  }

  /// Whether strangers can read the payload.
  public sealed interface Secrecy {
    record Plain() implements Secrecy {}

    /// Nobody but the device, which decrypts the image as it takes it out of the secondary slot.
    record Encrypted(ContentKeySource contentKeys) implements Secrecy {}

    /// An image with a content key whose payload is plaintext all the same: for the primary slot,
    /// where an encrypting bootloader leaves it so, and out of which it encrypts it again.
    record InClear(ContentKeySource contentKeys) implements Secrecy {}
  }

  /// What becomes of the security counter.
  public sealed interface Counter {
    record None() implements Counter {}

    record Is(SecurityCounter value) implements Counter {}

    /// Major, minor and revision in one number; the build number does not count.
    record FromVersion() implements Counter {}
  }

  /// What the protected TLVs say. The software type of the boot record has at most 12 characters.
  public record Protected(
      Counter counter,
      Optional<String> bootRecord,
      List<Dependency> dependencies,
      Optional<UUID> vendor,
      Optional<UUID> deviceClass,
      OptionalLong sequence,
      List<Tlv> custom,
      Optional<Manifest> manifest) {
    public static final Protected NOTHING =
        new Protected(
            new Counter.None(),
            Optional.empty(),
            List.of(),
            Optional.empty(),
            Optional.empty(),
            OptionalLong.empty(),
            List.of());

    public static final int BOOT_RECORD_SIZE_MAX = 12;

    /// The lowest type that is not MCUboot's own, and the highest that is not its wildcard.
    public static final int CUSTOM_TYPE_MIN = 0xa0;

    public static final int CUSTOM_TYPE_MAX = 0xfffe;

    /// Without a manifest.
    public Protected(
        Counter counter,
        Optional<String> bootRecord,
        List<Dependency> dependencies,
        Optional<UUID> vendor,
        Optional<UUID> deviceClass,
        OptionalLong sequence,
        List<Tlv> custom) {
      this(
          counter,
          bootRecord,
          dependencies,
          vendor,
          deviceClass,
          sequence,
          custom,
          Optional.empty());
    }

    public Protected {
      dependencies = List.copyOf(dependencies);
      custom = List.copyOf(custom);
      if (bootRecord.isPresent() && bootRecord.get().length() > BOOT_RECORD_SIZE_MAX) {
        throw new IllegalArgumentException(
            "the software type of a boot record has at most 12 characters, \"%s\" has %d"
                .formatted(bootRecord.get(), bootRecord.get().length()));
      }
      if (sequence.isPresent() && sequence.getAsLong() < 0) {
        throw new IllegalArgumentException(
            "sequence number must be 0 to 2^63-1, is " + sequence.getAsLong());
      }
      Set<Integer> seen = new HashSet<>();
      if (sequence.isPresent()) {
        seen.add(TlvType.SEQUENCE.code());
      }
      for (Tlv tlv : custom) {
        if (tlv.type() < CUSTOM_TYPE_MIN || tlv.type() > CUSTOM_TYPE_MAX) {
          throw new IllegalArgumentException(
              "custom TLVs have types 0xa0 to 0xfffe, not 0x%04x".formatted(tlv.type()));
        }
        if (!seen.add(tlv.type())) {
          throw new IllegalArgumentException("%s is there twice".formatted(tlv.name()));
        }
      }
    }
  }

  public SignOptions {
    if (erasedValue != 0 && erasedValue != 0xff) {
      throw new IllegalArgumentException("erased flash reads 0 or 0xff, not " + erasedValue);
    }
    long address =
        switch (placement) {
          case Placement.InSlot _ -> 0;
          case Placement.Ram(var at) -> at;
          case Placement.Rom(var at) -> at;
        };
    if (typeForm == Tlv.TypeForm.BYTE_THEN_ZERO && order == ByteOrder.LITTLE_ENDIAN) {
      throw new IllegalArgumentException("a byte and a zero are a number already in little endian");
    }
    if (address < 0 || address > 0xffff_ffffL) {
      throw new IllegalArgumentException("addresses have 32 bits, not as many as " + address);
    }
  }

  /// Little endian, erased flash 0xff, not padded, the key named by its hash, nothing protected,
  /// neither compressed nor encrypted.
  public static SignOptions of(ImageVersion version, HeaderRoom header, SlotLayout slot) {
    return new Builder(version, header, slot).build();
  }

  public Builder toBuilder() {
    Builder builder = new Builder(version, header, slot);
    return builder
        .padding(padding)
        .erasedValue(erasedValue)
        .order(order)
        .typeForm(typeForm)
        .placement(placement)
        .bootability(bootability)
        .keyForm(keyForm)
        .hash(hash)
        .signedOver(signedOver)
        .signatureForm(signatureForm)
        .protectedData(protectedData)
        .compression(compression)
        .lzma2(lzma2)
        .secrecy(secrecy);
  }

  /// Gathers the answers that differ from [SignOptions#of].
  public static final class Builder {
    private final ImageVersion version;
    private final HeaderRoom header;
    private final SlotLayout slot;
    private Padding padding = Padding.NONE;
    private int erasedValue = 0xff;
    private ByteOrder order = ByteOrder.LITTLE_ENDIAN;
    private Tlv.TypeForm typeForm = Tlv.TypeForm.NUMBER;
    private Placement placement = new Placement.InSlot();
    private Bootability bootability = Bootability.BOOTABLE;
    private KeyForm keyForm = KeyForm.HASH;
    private Optional<HashAlgorithm> hash = Optional.empty();
    private SignatureScheme.Over signedOver = SignatureScheme.Over.DIGEST;
    private SignatureForm signatureForm = SignatureForm.AS_LONG_AS_IT_IS;
    private Protected protectedData = Protected.NOTHING;
    private Optional<Compression> compression = Optional.empty();
    private Lzma2Settings lzma2 = Lzma2Settings.USUAL;
    private Secrecy secrecy = new Secrecy.Plain();

    private Builder(ImageVersion version, HeaderRoom header, SlotLayout slot) {
      this.version = version;
      this.header = header;
      this.slot = slot;
    }

    public Builder padding(Padding value) {
      padding = value;
      return this;
    }

    public Builder erasedValue(int value) {
      erasedValue = value;
      return this;
    }

    public Builder order(ByteOrder value) {
      order = value;
      return this;
    }

    /// How standard types of TLVs are written. Bootloaders read numbers; imgtool writes a byte and
    /// a zero, which in a big-endian image is another number.
    public Builder typeForm(Tlv.TypeForm value) {
      typeForm = value;
      return this;
    }

    public Builder placement(Placement value) {
      placement = value;
      return this;
    }

    public Builder bootability(Bootability value) {
      bootability = value;
      return this;
    }

    public Builder keyForm(KeyForm value) {
      keyForm = value;
      return this;
    }

    /// Empty: what goes with the key.
    public Builder hash(Optional<HashAlgorithm> value) {
      hash = value;
      return this;
    }

    public Builder signedOver(SignatureScheme.Over value) {
      signedOver = value;
      return this;
    }

    public Builder signatureForm(SignatureForm value) {
      signatureForm = value;
      return this;
    }

    public Builder protectedData(Protected value) {
      protectedData = value;
      return this;
    }

    /// Given up where it would not make the image smaller.
    public Builder compression(Optional<Compression> value) {
      compression = value;
      return this;
    }

    /// How hard a payload is compressed, if it is.
    public Builder lzma2(Lzma2Settings value) {
      lzma2 = value;
      return this;
    }

    public Builder secrecy(Secrecy value) {
      secrecy = value;
      return this;
    }

    public SignOptions build() {
      return new SignOptions(
          version,
          header,
          slot,
          padding,
          erasedValue,
          order,
          typeForm,
          placement,
          bootability,
          keyForm,
          hash,
          signedOver,
          signatureForm,
          protectedData,
          compression,
          lzma2,
          secrecy);
    }
  }
}
