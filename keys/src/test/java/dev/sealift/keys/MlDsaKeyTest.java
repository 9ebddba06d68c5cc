// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.Pem;
import org.junit.jupiter.api.Test;

class MlDsaKeyTest {
  private final MlDsaKey key = MlDsaKey.generate(Samples.RANDOM);

  @Test
  void both_halves_come_back_from_their_files() throws MalformedException {
    MlDsaKey read = MlDsaKey.read(key.exposePem()).orElseThrow();
    assertThat(read.publicHalf()).isEqualTo(key.publicHalf());
    assertThat(read.exposePem()).isEqualTo(key.exposePem());
    assertThat(PublicHalf.read(key.exposePem())).isEqualTo(key.publicHalf());
    assertThat(PublicHalf.read(key.publicHalf().pem())).isEqualTo(key.publicHalf());
    assertThat(key.pair(Samples.RANDOM).publicKey())
        .isEqualTo(key.publicHalf().forPermits().orElseThrow());
    assertThat(key.publicHalf().forImages()).isEmpty();
    assertThat(key).hasToString("private key of " + key.publicHalf());
  }

  @Test
  void the_file_is_a_seed_as_rfc_9881_has_it() throws MalformedException {
    Bytes content = Pem.read(key.exposePem()).content();
    assertThat(content.size()).isEqualTo(54);
    assertThat(content.first(22).toHex()).isEqualTo("3034020100300b060960864801650304031104228020");
  }

  /// OpenSSL writes seed and expanded key; the JDK writes the expanded key alone.
  @Test
  void a_key_with_its_seed_is_taken_and_one_without_is_refused() throws MalformedException {
    Bytes jdk = Bytes.owning(key.pair(Samples.RANDOM).privateKey().getEncoded());
    Bytes expanded = jdk.from(jdk.size() - 2560);
    Bytes seed = Pem.read(key.exposePem()).content().from(22);
    Bytes both =
        Bytes.concat(
            Bytes.ofHex("30820a3e020100300b060960864801650304031104820a2a30820a260420"),
            seed,
            Bytes.ofHex("04820a00"),
            expanded);
    assertThat(both.size()).isEqualTo(4 + 0xa3e);
    assertThat(MlDsaKey.read(Pem.write("PRIVATE KEY", both)).orElseThrow().publicHalf())
        .isEqualTo(key.publicHalf());
    for (Bytes wrong : new Bytes[] {jdk, both.first(both.size() - 1), both.first(40)}) {
      String pem = Pem.write("PRIVATE KEY", wrong);
      assertThatThrownBy(() -> PublicHalf.read(pem))
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("without its seed");
    }
  }

  @Test
  void other_keys_are_none_of_its_business() throws MalformedException {
    for (KeyType type : new KeyType[] {KeyType.ECDSA_P256, KeyType.ED25519}) {
      assertThat(MlDsaKey.read(Samples.key(type).exposePem())).isEmpty();
      assertThat(PublicHalf.read(Samples.key(type).exposePem()))
          .isEqualTo(PublicHalf.of(Samples.key(type).publicKey()));
    }
    Bytes spki = Pem.read(key.publicHalf().pem()).content();
    assertThatThrownBy(() -> PublicHalf.read(Pem.write("PUBLIC KEY", spki.first(1000))))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> PublicHalf.read(Pem.write("PRIVATE KEY", Bytes.EMPTY)))
        .isInstanceOf(MalformedException.class);
  }
}
