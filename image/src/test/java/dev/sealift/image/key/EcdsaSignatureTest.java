// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.curve.Curve;
import java.math.BigInteger;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class EcdsaSignatureTest {
  @Property(tries = 300)
  void both_forms_tell_the_same_numbers(@ForAll Curve curve, @ForAll @Size(96) byte[] random)
      throws MalformedException {
    Bytes raw = Bytes.of(random).first(EcdsaSignature.rawBytes(curve));
    EcdsaSignature signature = EcdsaSignature.ofRaw(curve, raw);
    assertThat(signature.toRaw()).isEqualTo(raw);
    assertThat(EcdsaSignature.ofDer(curve, signature.toDer())).isEqualTo(signature);
  }

  @Test
  void small_numbers_are_padded_and_large_ones_get_their_zero() throws MalformedException {
    Bytes one = Bytes.filled(31, 0).plus(Bytes.ofHex("01"));
    Bytes most = Bytes.filled(32, 0xff);
    EcdsaSignature signature = EcdsaSignature.ofRaw(Curve.P256, one.plus(most));
    Bytes der = Bytes.ofHex("3026020101022100").plus(most);
    assertThat(signature.toDer()).isEqualTo(der);
    assertThat(EcdsaSignature.ofDer(Curve.P256, der)).isEqualTo(signature);
  }

  @Test
  void anything_else_is_no_signature() {
    for (String hex :
        List.of(
            "",
            "3000",
            "3003020101",
            "30060201010201ff",
            "3007020101020200ff00",
            "300702020001020101",
            "3009020101020101020101",
            "3027" + "020101" + "0222" + "01" + "00".repeat(33))) {
      assertThatThrownBy(() -> EcdsaSignature.ofDer(Curve.P256, Bytes.ofHex(hex)))
          .as(hex)
          .isInstanceOf(MalformedException.class);
    }
    assertThatIllegalArgumentException()
        .isThrownBy(() -> EcdsaSignature.ofRaw(Curve.P256, Bytes.filled(63, 1)));
    assertThatIllegalArgumentException()
        .isThrownBy(
            () -> new EcdsaSignature(Curve.P256, BigInteger.ONE.shiftLeft(256), BigInteger.ONE));
    assertThatIllegalArgumentException()
        .isThrownBy(() -> new EcdsaSignature(Curve.P384, BigInteger.ONE, BigInteger.ONE.negate()));
  }
}
