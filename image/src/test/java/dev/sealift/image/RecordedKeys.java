// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.key.LockedPem;
import dev.sealift.testkit.Vectors;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/// The key files of the recorded vectors, those under a password unlocked with the recorded one.
public final class RecordedKeys {
  private static final Vectors VECTORS = Vectors.of("mcuboot");

  private RecordedKeys() {}

  public static String pem(String file) throws MalformedException {
    String text = VECTORS.file(file).toUtf8();
    Optional<LockedPem> locked = LockedPem.find(text);
    if (locked.isEmpty()) {
      return text;
    }
    Secret password = Secret.of(password(file).getBytes(StandardCharsets.UTF_8));
    return switch (locked.get().unlock(password)) {
      case LockedPem.Unlocking.Unlocked(var pem) -> pem;
      case LockedPem.Unlocking.WrongPassword _ ->
          throw new AssertionError("the recorded password does not open " + file);
    };
  }

  private static String password(String file) throws MalformedException {
    CborFields root = CborFields.of(VECTORS.json("vectors.json"), "vectors");
    for (CborItem item : root.required(new CborText("keys"), CborMap.class).entries().values()) {
      CborFields key = CborFields.of(item, "key");
      if (key.text("file").equals(file)) {
        return key.text("password");
      }
    }
    throw new AssertionError("no key is recorded in " + file);
  }
}
