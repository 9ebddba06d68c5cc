// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.key.KeyFile;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.SealingKey;
import dev.sealift.image.key.SealingKeyType;
import dev.sealift.image.key.VerifyingKey;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Keys for images, releases and roots.
@Command(
    name = "key",
    description = "Make and show keys.",
    subcommands = {KeyCommand.New.class, KeyCommand.Show.class})
final class KeyCommand extends Noun {

  /// Makes a key pair.
  @Command(
      name = "new",
      description = "Make a key: FILE (for its owner only) and its public half beside it.",
      footer = {"", "Example: sealift key new --type ecdsa-p256 image.pem"})
  static final class New extends Verb {
    @Option(
        names = {"-t", "--type"},
        paramLabel = "TYPE",
        defaultValue = "ecdsa-p256",
        description =
            "ecdsa-p256 (default), ed25519, rsa-2048, rsa-3072; x25519, for encryption only")
    private String type = "";

    @Parameters(paramLabel = "FILE", description = "where the private key goes, as PKCS#8 PEM")
    private @Nullable Path file;

    New(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      Path target = Given.required(file);
      if (type.equals(SealingKeyType.X25519.toString())) {
        return encryptionKey(target);
      }
      KeyType wanted =
          KeyType.named(type)
              .orElseThrow(
                  () ->
                      Failure.usage(
                          "'%s' is no key type; there are %s and x25519"
                              .formatted(type, List.of(KeyType.values()))));
      LocalKey key = LocalKey.generate(wanted, new SecureRandom());
      return write(
          target,
          key.exposePem(),
          key.publicKey().toPem(),
          "give it to whoever checks",
          Optional.of(keyHash(key.publicKey()).toHex()));
    }

    /// A key that never signs, so no image names it by its hash.
    private Outcome encryptionKey(Path target) {
      OpeningKey key = OpeningKey.generate(SealingKeyType.X25519, new SecureRandom());
      return write(
          target,
          key.exposePem(),
          key.publicKey().toPem(),
          "give it to whoever encrypts images",
          Optional.empty());
    }

    private Outcome write(
        Path target, String privatePem, String publicPem, String use, Optional<String> hash) {
      Path publicFile = publicNameOf(target);
      Files.writeSecret(target, Bytes.ofUtf8(privatePem));
      Files.write(publicFile, Bytes.ofUtf8(publicPem));
      List<String> lines = new ArrayList<>();
      lines.add("wrote " + target + ", a private key of type " + type + ": keep it");
      lines.add("wrote " + publicFile + ", its public half: " + use);
      CborMap.Builder json =
          CborMap.builder()
              .put("type", type)
              .put("private", target.toString())
              .put("public", publicFile.toString());
      hash.ifPresent(
          hex -> {
            lines.add("key hash " + hex);
            json.put("hash", hex);
          });
      return Outcome.done(lines, json.build());
    }

    /// `image.pem` has its public half in `image.pub.pem`.
    private static Path publicNameOf(Path file) {
      String name = String.valueOf(file.getFileName());
      String stem = name.endsWith(".pem") ? name.substring(0, name.length() - 4) : name;
      return file.resolveSibling(stem + ".pub.pem");
    }
  }

  /// Says what a key file holds.
  @Command(
      name = "show",
      description = "Say what a key file holds. A private key is never printed.",
      footer = {"", "Example: sealift key show image.pub.pem"})
  static final class Show extends Verb {
    @Parameters(paramLabel = "FILE", description = "a key as PEM")
    private @Nullable Path file;

    Show(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      Path source = Given.required(file);
      Optional<SealingKey> encrypting = Keys.readX25519(source);
      if (encrypting.isPresent()) {
        return shown(source, encrypting.get());
      }
      KeyFile found = Keys.read(source);
      VerifyingKey key = found.publicKey();
      String half =
          switch (found) {
            case KeyFile.Private _ -> "private";
            case KeyFile.Public _ -> "public";
          };
      Optional<String> keyId = CoseKeys.keyId(key);
      List<String> lines = new ArrayList<>();
      lines.add("%s: %s key of type %s".formatted(source, half, key.type()));
      lines.add("key hash  " + keyHash(key).toHex() + "  (as images name it)");
      keyId.ifPresent(id -> lines.add("key id    " + id + "  (as permits name it)"));
      lines.add("");
      lines.addAll(key.toPem().lines().toList());
      CborMap.Builder json =
          CborMap.builder()
              .put("file", source.toString())
              .put("type", key.type().toString())
              .put("half", half)
              .put("hash", keyHash(key).toHex());
      keyId.ifPresent(id -> json.put("keyId", id));
      return Outcome.done(lines, json.put("public", key.toPem()).build());
    }

    private static Outcome shown(Path source, SealingKey key) {
      List<String> lines = new ArrayList<>();
      lines.add("%s: key of type %s, for encryption only".formatted(source, key.type()));
      lines.add("");
      lines.addAll(key.toPem().lines().toList());
      return Outcome.done(
          lines,
          CborMap.builder()
              .put("file", source.toString())
              .put("type", key.type().toString())
              .put("public", key.toPem())
              .build());
    }
  }

  private static Bytes keyHash(VerifyingKey key) {
    return key.hash();
  }
}
