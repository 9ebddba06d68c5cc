// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.LockedPem;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKeyType;
import dev.sealift.keys.MlDsaKey;
import dev.sealift.keys.PublicHalf;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a key pair.
@Command(
    name = "new",
    description = "Make a key: FILE (for its owner only) and its public half beside it.",
    footer = {
      "",
      "Example: sealift key new --type ecdsa-p256 image.pem",
      "         sealift key new --password alice.pem"
    })
final class KeyNew extends Verb {
  @Option(
      names = {"-t", "--type"},
      paramLabel = "TYPE",
      defaultValue = "ecdsa-p256",
      description = {
        "ecdsa-p256 (default), ed25519: for images and permits;",
        "rsa-2048, rsa-3072: for images;",
        "ml-dsa-44: for permits, against quantum computers too;",
        "x25519: for encryption only"
      })
  private String type = "";

  @Option(
      names = {"-p", "--password"},
      description = "put the file under a password; it is asked for, or see --password-file")
  private boolean locked;

  @Mixin private Passwords passwords = new Passwords();

  @Parameters(paramLabel = "FILE", description = "where the private key goes, as PKCS#8 PEM")
  private @Nullable Path file;

  private final SecureRandom random = new SecureRandom();

  KeyNew(Console console) {
    super(console);
  }

  /// Both halves as PEM, and what people need to know of the public one.
  private record Made(String privatePem, String publicPem, String use, Optional<PublicHalf> half) {
    @Override
    public String toString() {
      return "a new key";
    }
  }

  @Override
  Outcome carryOut() {
    Path target = Given.required(file);
    Made made = made();
    Files.requireNew(target);
    String text =
        locked || passwords.isFileGiven() ? underPassword(target, made) : made.privatePem();
    return written(target, made, text);
  }

  private Made made() {
    if (type.equals(SealingKeyType.X25519.toString())) {
      OpeningKey key = OpeningKey.generate(SealingKeyType.X25519, random);
      return new Made(
          key.exposePem(),
          key.publicKey().toPem(),
          "give it to whoever encrypts images",
          Optional.empty());
    }
    if (type.equals(MlDsaKey.TYPE)) {
      MlDsaKey key = MlDsaKey.generate(random);
      return signing(key.exposePem(), key.publicHalf());
    }
    KeyType wanted =
        KeyType.named(type)
            .orElseThrow(
                () ->
                    Failure.usage(
                        "'%s' is no key type; there are %s, %s and x25519"
                            .formatted(type, List.of(KeyType.values()), MlDsaKey.TYPE)));
    LocalKey key = LocalKey.generate(wanted, random);
    return signing(key.exposePem(), PublicHalf.of(key.publicKey()));
  }

  private static Made signing(String privatePem, PublicHalf half) {
    return new Made(privatePem, half.pem(), "give it to whoever checks", Optional.of(half));
  }

  private String underPassword(Path target, Made made) {
    try {
      return LockedPem.lock(made.privatePem(), passwords.chosen(target, console()), random).text();
    } catch (MalformedException e) {
      throw new IllegalStateException("a key of ours is not read", e);
    }
  }

  private Outcome written(Path target, Made made, String privateText) {
    Path publicFile = publicNameOf(target);
    Files.writeSecret(target, Bytes.ofUtf8(privateText));
    Files.write(publicFile, Bytes.ofUtf8(made.publicPem()));
    List<String> lines = new ArrayList<>();
    lines.add(
        "wrote %s, a private key of type %s%s: keep it"
            .formatted(
                target, type, privateText.equals(made.privatePem()) ? "" : ", under the password"));
    lines.add("wrote " + publicFile + ", its public half: " + made.use());
    CborMap.Builder json =
        CborMap.builder()
            .put("type", type)
            .put("private", target.toString())
            .put("public", publicFile.toString());
    made.half().ifPresent(half -> KeyShow.names(half, lines, json));
    return Outcome.done(lines, json.build());
  }

  /// `image.pem` has its public half in `image.pub.pem`.
  private static Path publicNameOf(Path file) {
    String name = String.valueOf(file.getFileName());
    String stem = name.endsWith(".pem") ? name.substring(0, name.length() - 4) : name;
    return file.resolveSibling(stem + ".pub.pem");
  }
}
