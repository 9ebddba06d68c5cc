// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.RecordedKeys;
import dev.sealift.testkit.Vectors;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The recorded key files: those of our types are read, and embedded as recorded; the others are
/// refused with a sentence.
class KeyVectorTest {
  private static final Vectors VECTORS = Vectors.of("mcuboot");

  private final Map<String, Integer> counts = new TreeMap<>();

  @Test
  void every_recorded_key_is_read_or_refused() throws MalformedException {
    CborFields root = CborFields.of(VECTORS.json("vectors.json"), "vectors");
    CborMap keys = root.required(new CborText("keys"), CborMap.class);
    for (Map.Entry<CborItem, CborItem> entry : keys.entries().entrySet()) {
      judge(((CborText) entry.getKey()).value(), CborFields.of(entry.getValue(), "key"));
    }
    System.out.println("mcuboot keys: " + counts);
  }

  private void judge(String name, CborFields key) throws MalformedException {
    if (key.optionalText("password").isPresent()) {
      String locked = VECTORS.file(key.text("file")).toUtf8();
      assertThatThrownBy(() -> KeyFile.read(locked))
          .as(name)
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining("password");
      count("under a password");
    }
    String text = RecordedKeys.pem(key.text("file"));
    Optional<KeyType> type = KeyType.named(key.text("type"));
    if (type.isEmpty()) {
      assertThatThrownBy(() -> KeyFile.read(text)).as(name).isInstanceOf(MalformedException.class);
      count("refused");
      return;
    }
    KeyFile file = KeyFile.read(text);
    VerifyingKey publicKey = file.publicKey();
    assertThat(publicKey.type()).as(name).isEqualTo(type.get());
    Optional<String> hash = key.optionalText("embedded_public_der_sha256");
    if (hash.isPresent()) {
      assertThat(publicKey.hash().toHex()).as(name).isEqualTo(hash.get());
    }
    Optional<String> publicFile = key.optionalText("public");
    if (publicFile.isPresent()) {
      String pem = VECTORS.file(publicFile.get()).toUtf8();
      assertThat(KeyFile.read(pem)).as(name).isEqualTo(new KeyFile.Public(publicKey));
      assertThat(publicKey.toPem()).as(name).isEqualTo(pem);
    }
    if (file instanceof KeyFile.Private(var secret)) {
      assertThat(KeyFile.readPrivate(secret.exposePem())).as(name).isEqualTo(secret);
      if (key.optionalText("pem").equals(Optional.of("PKCS#8"))) {
        assertThat(secret.exposePem()).as(name).isEqualTo(text);
      }
      count("private");
    } else {
      count("public");
    }
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }
}
