// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.curve.Curve;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LenientSignatureTest {
  private record Case(String name, String signature, Optional<String> strict) {}

  private static final List<Case> CASES =
      List.of(
          taken("as it should be", "300602010102 0102", "3006020101020102"),
          taken("without the sign byte", "3006020181020182", "300802020081 02020082"),
          taken("too many zeros", "300a0203000001 0203000002", "3006020101020102"),
          taken("long lengths", "3081080281010102810102", "3006020101020102"),
          refused("bytes behind", "300602010102010200"),
          refused("a third number", "3009020101020102020103"),
          refused("one number", "3003020101"),
          refused("longer than it is", "3007020101020102"),
          refused("indefinite length", "3080020101020102"),
          refused("length of five bytes", "30850000000006020101020102"),
          refused("another tag", "3106020101020102"),
          refused("a number of 33 bytes", "3026" + "0221" + "01".repeat(33) + "020101"),
          refused("nothing", ""));

  private static Case taken(String name, String signature, String strict) {
    return new Case(name, signature.replace(" ", ""), Optional.of(strict.replace(" ", "")));
  }

  private static Case refused(String name, String signature) {
    return new Case(name, signature, Optional.empty());
  }

  @Test
  void it_is_read_as_leniently_as_the_bootloader_reads_it() {
    for (Case c : CASES) {
      assertThat(
              LenientSignature.read(Curve.P256, Bytes.ofHex(c.signature))
                  .map(signature -> signature.toDer().toHex()))
          .as(c.name)
          .isEqualTo(c.strict);
    }
  }
}
