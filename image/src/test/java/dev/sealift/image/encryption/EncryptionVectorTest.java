// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.HashAlgorithm;
import dev.sealift.image.Image;
import dev.sealift.image.Tlv;
import dev.sealift.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The recorded encrypted images: opened with the right key, refused with every other and with any
/// byte of the wrapped key changed.
class EncryptionVectorTest {
  private static final Map<String, Integer> COUNTS = new TreeMap<>();

  /// Flipping every byte takes time: once for each scheme.
  private static final Set<EncryptionScheme> FLIPPED = EnumSet.noneOf(EncryptionScheme.class);

  @AfterAll
  static void print() {
    System.out.println("encrypted image vectors");
    COUNTS.forEach((what, count) -> System.out.println("  %-46s %4d".formatted(what, count)));
  }

  private static void count(String what) {
    COUNTS.merge(what, 1, Integer::sum);
  }

  /// The value that carries the content key, and how.
  private record Wrapped(EncryptionScheme scheme, ContentKeySize size, Bytes value) {
    static Wrapped in(Image image) {
      for (Tlv tlv : image.unprotectedArea().tlvs()) {
        Optional<EncryptionScheme> scheme = EncryptionScheme.ofTlv(tlv.type());
        if (scheme.isPresent()) {
          ContentKeySize size = ContentKeySize.of(image.header()).orElseThrow();
          return new Wrapped(scheme.get(), size, tlv.value());
        }
      }
      throw new AssertionError("no wrapped key");
    }

    Unwrapped by(DecryptionKey key) {
      return key.unwrap(scheme, size, value);
    }
  }

  @Test
  void every_image_of_the_tool_opens_with_its_key_alone() throws MalformedException {
    Vectors vectors = Vectors.of("mcuboot");
    CborFields root = CborFields.of(vectors.json("vectors.json"), "vectors");
    CborFields keys = fields(root, "keys");
    Map<String, DecryptionKey> decryption = decryptionKeys(vectors, keys);
    for (CborItem item : root.list("vectors")) {
      CborFields vector = CborFields.of(item, "vector");
      Optional<CborItem> encryption = vector.item(new CborText("encryption"));
      if (encryption.isEmpty() || !(encryption.get() instanceof CborMap)) {
        continue;
      }
      CborFields facts = CborFields.of(encryption.get(), "encryption");
      String name = vector.text("name");
      String keyName = facts.text("key");
      Optional<DecryptionKey> right = Optional.ofNullable(decryption.get(keyName));
      if (right.isEmpty()) {
        String text = vectors.file(fields(keys, keyName).text("file")).toUtf8();
        assertThatThrownBy(() -> DecryptionKey.read(text)).isInstanceOf(MalformedException.class);
        count("tool: key not fit to decrypt, refused");
        continue;
      }
      Image image = Image.read(vectors.file(fields(vector, "output").text("file")));
      Wrapped wrapped = Wrapped.in(image);
      assertThat((long) wrapped.size().bits()).as(name).isEqualTo(facts.integer("key_bits"));
      ContentKey key = opened(name, wrapped.by(right.get()));
      assertThat(key.exposeRaw()).as(name).isEqualTo(Bytes.ofHex(facts.text("cek")));
      boolean clear = facts.item(new CborText("clear")).equals(Optional.of(new CborBool(true)));
      Bytes plain = clear ? image.payload() : key.apply(image.payload(), 0);
      assertThat((long) plain.size()).as(name).isEqualTo(facts.integer("plaintext_len"));
      assertThat(plain.sha256().toHex()).as(name).isEqualTo(facts.text("plaintext_sha256"));
      assertHashFits(name, image, plain);
      count("tool: opened, hash fits, " + wrapped.scheme() + " " + wrapped.size().bits());
      refuseOthers(name, wrapped, decryption, right.get(), key);
      flip(name, wrapped, right.get());
    }
  }

  private static Map<String, DecryptionKey> decryptionKeys(Vectors vectors, CborFields keys)
      throws MalformedException {
    Map<String, DecryptionKey> found = new TreeMap<>();
    for (CborItem name : keys.map().entries().keySet()) {
      CborFields key = fields(keys, ((CborText) name).value());
      try {
        found.put(
            ((CborText) name).value(), DecryptionKey.read(vectors.file(key.text("file")).toUtf8()));
      } catch (MalformedException _) {
        count("keys: refused, type " + key.text("type"));
      }
    }
    return found;
  }

  @Test
  void every_image_of_the_boot_recordings_opens_with_its_key_alone() throws MalformedException {
    Vectors vectors = Vectors.of("boot");
    CborFields keys = fields(CborFields.of(vectors.json("devices.json"), "devices"), "keys");
    Map<String, DecryptionKey> decryption = new TreeMap<>();
    for (CborItem name : keys.map().entries().keySet()) {
      CborFields key = fields(keys, ((CborText) name).value());
      try {
        decryption.put(
            ((CborText) name).value(),
            DecryptionKey.read(vectors.file(key.text("private")).toUtf8()));
      } catch (MalformedException _) {
        count("keys: refused, type " + key.text("type"));
      }
    }
    CborFields images = fields(CborFields.of(vectors.json("images.json"), "images"), "images");
    for (CborItem item : images.map().entries().keySet()) {
      String name = ((CborText) item).value();
      CborFields facts = fields(images, name);
      Optional<String> keyName = facts.optionalText("encrypted_for");
      if (keyName.isEmpty()) {
        continue;
      }
      Bytes file = Bytes.EMPTY;
      for (CborItem piece : facts.list("pieces")) {
        file = file.plus(piece(vectors, CborFields.of(piece, "piece")));
      }
      Image image = Image.read(file);
      Wrapped wrapped = Wrapped.in(image);
      DecryptionKey right =
          Optional.ofNullable(decryption.get(keyName.get())).orElseThrow(AssertionError::new);
      ContentKey key = opened(name, wrapped.by(right));
      Bytes body = piece(vectors, fields(facts, "plain_body"));
      boolean clear = image.payload().startsWith(body);
      Bytes plain = clear ? image.payload() : key.apply(image.payload(), 0);
      assertThat(plain.first(body.size())).as(name).isEqualTo(body);
      assertThat(plain.from(body.size()).isFilledWith(0)).as(name).isTrue();
      assertHashFits(name, image, plain);
      count("boot: opened, hash fits, " + wrapped.scheme());
      refuseOthers(name, wrapped, decryption, right, key);
    }
  }

  private static Bytes piece(Vectors vectors, CborFields piece) throws MalformedException {
    Optional<String> hex = piece.optionalText("hex");
    Optional<String> file = piece.optionalText("file");
    Optional<String> fill = piece.optionalText("fill");
    if (hex.isPresent()) {
      return Bytes.ofHex(hex.get());
    }
    if (file.isPresent()) {
      return vectors.file(file.get());
    }
    int size = (int) piece.integer("len");
    if (fill.isPresent()) {
      return Bytes.filled(size, Integer.parseInt(fill.get(), 16));
    }
    Bytes made = Bytes.EMPTY;
    for (int i = 0; made.size() < size; i++) {
      byte[] text = (piece.text("gen") + ":" + i).getBytes(StandardCharsets.UTF_8);
      made = made.plus(Bytes.of(text).sha256());
    }
    return made.first(size);
  }

  private static ContentKey opened(String name, Unwrapped unwrapped) {
    return switch (unwrapped) {
      case Unwrapped.Opened(var key) -> key;
      case Unwrapped.Refused refused -> throw new AssertionError(name + ": " + refused);
    };
  }

  private static void assertHashFits(String name, Image image, Bytes plain) {
    Image decrypted =
        new Image(
            image.header(),
            image.fill(),
            plain,
            image.protectedArea(),
            image.unprotectedArea(),
            image.rest());
    Tlv hash =
        image.unprotectedArea().tlvs().stream()
            .filter(tlv -> HashAlgorithm.ofTlv(tlv.type()).isPresent())
            .findFirst()
            .orElseThrow();
    assertThat(HashAlgorithm.ofTlv(hash.type()).orElseThrow().digest(decrypted.hashRegion()))
        .as(name)
        .isEqualTo(hash.value());
  }

  private static void refuseOthers(
      String name,
      Wrapped wrapped,
      Map<String, DecryptionKey> keys,
      DecryptionKey right,
      ContentKey content) {
    for (Map.Entry<String, DecryptionKey> other : keys.entrySet()) {
      if (other.getValue().equals(right)) {
        continue;
      }
      assertThat(wrapped.by(other.getValue()))
          .as("%s with %s", name, other.getKey())
          .isInstanceOf(Unwrapped.Refused.class)
          .asString()
          .doesNotContain(content.exposeRaw().toHex());
      count("refused with another key");
    }
  }

  private static void flip(String name, Wrapped wrapped, DecryptionKey key) {
    if (!FLIPPED.add(wrapped.scheme())) {
      return;
    }
    for (int at = 0; at < wrapped.value().size(); at++) {
      byte[] bytes = wrapped.value().toArray();
      bytes[at] ^= (byte) (1 << at % 8);
      Wrapped changed = new Wrapped(wrapped.scheme(), wrapped.size(), Bytes.owning(bytes));
      assertThat(changed.by(key))
          .as("%s with byte %d changed", name, at)
          .isInstanceOf(Unwrapped.Refused.class);
      count("refused with a byte changed");
    }
  }

  private static CborFields fields(CborFields of, String name) throws MalformedException {
    return CborFields.of(of.required(new CborText(name)), name);
  }
}
