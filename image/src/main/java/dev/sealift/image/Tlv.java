// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.Bytes;
import java.nio.ByteOrder;
import java.util.Optional;

/// One type, length and value of an image. `form` is how the type lies in the file; it matters to
/// whoever writes the image, and to nobody else.
public record Tlv(int type, TypeForm form, Bytes value) {
  /// Type and length before the value.
  public static final int HEAD_SIZE = 4;

  public static final int VALUE_SIZE_MAX = 0xffff;
  public static final int TYPE_MAX = 0xffff;

  /// How the two bytes of the type are written.
  public enum TypeForm {
    /// As a 16-bit number in the image's byte order.
    NUMBER,
    /// As the type and a zero byte, in a big-endian image: imgtool writes the standard types so,
    /// and the number that a big-endian reader sees is the type times 256.
    BYTE_THEN_ZERO
  }

  public Tlv {
    if (type < 0 || type > TYPE_MAX) {
      throw new IllegalArgumentException("TLV type must be 0 to 0xffff, is " + type);
    }
    if (form == TypeForm.BYTE_THEN_ZERO && !TlvType.isStandard(type)) {
      throw new IllegalArgumentException(
          "only standard types are written as one byte, not " + TlvType.name(type));
    }
    if (value.size() > VALUE_SIZE_MAX) {
      throw new IllegalArgumentException(
          "%s value has %d bytes, at most 65535 fit a TLV"
              .formatted(TlvType.name(type), value.size()));
    }
  }

  /// The type as a number, as in every little-endian image.
  public static Tlv of(int type, Bytes value) {
    return new Tlv(type, TypeForm.NUMBER, value);
  }

  /// In this form where it is a standard type; others are always numbers.
  public static Tlv of(TlvType type, Bytes value, TypeForm form) {
    return new Tlv(type.code(), TlvType.isStandard(type.code()) ? form : TypeForm.NUMBER, value);
  }

  /// `stored` is the type as a number in the file's byte order.
  static Tlv ofStored(int stored, Bytes value, ByteOrder order) {
    TypeForm form = formOf(stored, order);
    return new Tlv(form == TypeForm.NUMBER ? stored : stored >>> 8, form, value);
  }

  static TypeForm formOf(int stored, ByteOrder order) {
    return order == ByteOrder.BIG_ENDIAN && (stored & 0xff) == 0 && TlvType.isStandard(stored >>> 8)
        ? TypeForm.BYTE_THEN_ZERO
        : TypeForm.NUMBER;
  }

  int storedType() {
    return form == TypeForm.NUMBER ? type : type << 8;
  }

  /// With the head.
  public int size() {
    return HEAD_SIZE + value.size();
  }

  public boolean is(TlvType wanted) {
    return type == wanted.code();
  }

  public Optional<TlvType> known() {
    return TlvType.of(type);
  }

  /// The name of a known type, or the number. Other makers use the type of our sequence number for
  /// values of other sizes.
  public String name() {
    boolean foreign = is(TlvType.SEQUENCE) && value.size() != TlvType.SEQUENCE_SIZE;
    return foreign ? "0x%04x".formatted(type) : TlvType.name(type);
  }
}
