// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.curve;

import java.util.HexFormat;
import org.bouncycastle.crypto.params.ECDomainParameters;
import org.bouncycastle.math.ec.ECCurve;
import org.bouncycastle.math.ec.custom.sec.SecP256R1Curve;
import org.bouncycastle.math.ec.custom.sec.SecP384R1Curve;

/// The library's own form of the curves, each made when it is first asked for. Its table of curve
/// names would make all of them, at every start of the program.
final class Domain {
  private Domain() {}

  static ECDomainParameters of(Curve curve) {
    return switch (curve) {
      case P256 -> OfP256.DOMAIN;
      case P384 -> OfP384.DOMAIN;
    };
  }

  private static ECDomainParameters of(ECCurve curve, String generator) {
    return new ECDomainParameters(
        curve,
        curve.decodePoint(HexFormat.of().parseHex(generator)),
        curve.getOrder(),
        curve.getCofactor());
  }

  private static final class OfP256 {
    static final ECDomainParameters DOMAIN =
        of(
            new SecP256R1Curve(),
            "036b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296");
  }

  private static final class OfP384 {
    static final ECDomainParameters DOMAIN =
        of(
            new SecP384R1Curve(),
            "03aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c"
                + "3a545e3872760ab7");
  }
}
