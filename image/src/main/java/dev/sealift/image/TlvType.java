// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import java.util.Arrays;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/// The TLV types that MCUboot defines, each with the area it belongs in. Types that are not listed
/// survive reading and writing; what they mean is their maker's business.
public enum TlvType {
  KEYHASH(0x01, TlvArea.Kind.UNPROTECTED),
  PUBKEY(0x02, TlvArea.Kind.UNPROTECTED),
  SHA256(0x10, TlvArea.Kind.UNPROTECTED),
  SHA384(0x11, TlvArea.Kind.UNPROTECTED),
  SHA512(0x12, TlvArea.Kind.UNPROTECTED),
  RSA2048(0x20, TlvArea.Kind.UNPROTECTED),
  ECDSA224(0x21, TlvArea.Kind.UNPROTECTED),
  ECDSA_SIG(0x22, TlvArea.Kind.UNPROTECTED),
  RSA3072(0x23, TlvArea.Kind.UNPROTECTED),
  ED25519(0x24, TlvArea.Kind.UNPROTECTED),
  SIG_PURE(0x25, TlvArea.Kind.UNPROTECTED),
  ENC_RSA2048(0x30, TlvArea.Kind.UNPROTECTED),
  ENC_KW(0x31, TlvArea.Kind.UNPROTECTED),
  ENC_EC256(0x32, TlvArea.Kind.UNPROTECTED),
  ENC_X25519(0x33, TlvArea.Kind.UNPROTECTED),
  ENC_X25519_SHA512(0x34, TlvArea.Kind.UNPROTECTED),
  DEPENDENCY(0x40, TlvArea.Kind.PROTECTED),
  SEC_CNT(0x50, TlvArea.Kind.PROTECTED),
  BOOT_RECORD(0x60, TlvArea.Kind.PROTECTED),
  DECOMP_SIZE(0x70, TlvArea.Kind.PROTECTED),
  DECOMP_SHA(0x71, TlvArea.Kind.PROTECTED),
  DECOMP_SIGNATURE(0x72, TlvArea.Kind.PROTECTED),
  COMP_DEC_SIZE(0x73, TlvArea.Kind.PROTECTED),
  UUID_VID(0x74, TlvArea.Kind.PROTECTED),
  UUID_CID(0x75, TlvArea.Kind.PROTECTED),
  /// Only Nordic's fork knows this one.
  MANIFEST(0x76, TlvArea.Kind.PROTECTED),
  /// Ours, in the vendor range: the release's sequence number, 8 bytes, little endian in images
  /// of either byte order.
  SEQUENCE(0xa0, TlvArea.Kind.PROTECTED);

  static final int SEQUENCE_SIZE = 8;

  /// Types whose low byte is this or higher belong to vendors.
  public static final int VENDOR_LOW_BYTE_MIN = 0xa0;

  private static final Map<Integer, TlvType> BY_CODE =
      Arrays.stream(values()).collect(Collectors.toMap(TlvType::code, Function.identity()));

  private final int code;
  private final TlvArea.Kind area;

  TlvType(int code, TlvArea.Kind area) {
    this.code = code;
    this.area = area;
  }

  public int code() {
    return code;
  }

  public TlvArea.Kind area() {
    return area;
  }

  public static Optional<TlvType> of(int code) {
    return Optional.ofNullable(BY_CODE.get(code));
  }

  /// Defined by MCUboot, below the vendors' range.
  static boolean isStandard(int code) {
    return code < VENDOR_LOW_BYTE_MIN && BY_CODE.containsKey(code);
  }

  /// The name of a known type, or the number in hex.
  public static String name(int code) {
    return of(code).map(TlvType::name).orElseGet(() -> "0x%04x".formatted(code));
  }
}
