// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.key.LocalKey;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.VendorId;
import dev.sealift.suit.SuitVersion;
import java.nio.ByteBuffer;
import java.security.SecureRandom;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;

/// What an image says of itself, and by whom it is made.
record Build(
    ImageVersion version,
    SequenceNumber sequence,
    long counter,
    int payloadBytes,
    VendorId vendor,
    ClassId deviceClass,
    LocalKey key,
    SignOptions.Secrecy secrecy) {
  static final int HEADER_BYTES = 512;

  /// The maker's build 1.`minor`.0 with that number and security counter.
  static Build of(People people, int minor, long number, long counter, int payloadBytes) {
    return new Build(
        ImageVersion.of(1, minor, 0),
        new SequenceNumber(People.EPOCH, number),
        counter,
        payloadBytes,
        people.vendor(),
        people.deviceClass(),
        people.imageKey(),
        new SignOptions.Secrecy.Plain());
  }

  Build by(LocalKey other) {
    return new Build(version, sequence, counter, payloadBytes, vendor, deviceClass, other, secrecy);
  }

  Build forClass(VendorId otherVendor, ClassId other) {
    return new Build(version, sequence, counter, payloadBytes, otherVendor, other, key, secrecy);
  }

  Build numbered(SequenceNumber other) {
    return new Build(version, other, counter, payloadBytes, vendor, deviceClass, key, secrecy);
  }

  Build sealed(SignOptions.Secrecy other) {
    return new Build(version, sequence, counter, payloadBytes, vendor, deviceClass, key, other);
  }

  Build sized(int bytes) {
    return new Build(version, sequence, counter, bytes, vendor, deviceClass, key, secrecy);
  }

  Build counting(long other) {
    return new Build(version, sequence, other, payloadBytes, vendor, deviceClass, key, secrecy);
  }

  SuitVersion suitVersion() {
    return SuitVersion.of(version.major(), version.minor(), version.revision());
  }

  Image image(SecureRandom random) {
    byte[] payload = new byte[payloadBytes];
    random.nextBytes(payload);
    try {
      return ImageSigner.sign(
          Bytes.owning(payload),
          SignOptions.of(
                  version,
                  new SignOptions.HeaderRoom(HEADER_BYTES, SignOptions.Source.PREPENDED),
                  SlotLayout.swap(Shape.SLOT, Shape.ALIGN))
              .toBuilder()
              .protectedData(
                  new SignOptions.Protected(
                      new SignOptions.Counter.Is(new SecurityCounter(counter)),
                      Optional.empty(),
                      List.of(),
                      Optional.of(uuid(vendor.bytes())),
                      Optional.of(uuid(deviceClass.bytes())),
                      OptionalLong.of(sequence.value().longValueExact()),
                      List.of()))
              .secrecy(secrecy)
              .build(),
          key.signing(random));
    } catch (SigningException e) {
      throw new IllegalStateException("an image of our own cannot be signed", e);
    }
  }

  private static UUID uuid(Bytes bytes) {
    ByteBuffer buffer = ByteBuffer.wrap(bytes.toArray());
    return new UUID(buffer.getLong(), buffer.getLong());
  }
}
