// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.key.GivenSignature;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.SigningKey;
import dev.sealift.image.key.VerifyingKey;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/// Who signs: a private key in a file, or somebody elsewhere whose signature is in one.
final class SigningKeys {
  /// Far above any signature.
  private static final int SIGNATURE_FILE_MAX = 64 * 1024;

  private SigningKeys() {}

  /// Options that exclude or need each other.
  static void checkTogether(Given given) throws RefusedException {
    boolean elsewhere = given.has("--fix-sig");
    boolean exported = given.has("--vector-to-sign");
    if (elsewhere && given.has("--key")) {
      throw RefusedException.usage("--key and --fix-sig exclude each other");
    }
    if (elsewhere && exported) {
      throw RefusedException.usage("--fix-sig and --vector-to-sign exclude each other");
    }
    if (elsewhere && !given.has("--fix-sig-pubkey")) {
      throw RefusedException.usage("--fix-sig needs the public key, by --fix-sig-pubkey");
    }
    if (given.has("--fix-sig-pubkey") && !elsewhere && !exported) {
      throw RefusedException.usage(
          "--fix-sig-pubkey without --fix-sig or --vector-to-sign would make an unsigned image");
    }
    if (given.has("--pure") && !given.text("--sha", "auto").equals("auto")) {
      throw RefusedException.usage("--pure has a hash of its own, --sha is not for it");
    }
    boolean key = given.has("--key") || given.has("--fix-sig-pubkey");
    if (given.has("--pure") && !key && !exported) {
      throw RefusedException.usage("--pure is for signatures, and there is no key");
    }
    if (given.has("--sig-out") && (exported || !key)) {
      throw RefusedException.failed("--sig-out: there is no signature to write");
    }
  }

  static Optional<SigningKey> read(Given given, Io io) throws RefusedException, IOException {
    Optional<String> local = given.text("--key");
    if (local.isPresent()) {
      return Optional.of(local(local.get(), io).signingAtOnce(io.random()));
    }
    Optional<String> signature = given.text("--fix-sig");
    if (signature.isPresent()) {
      VerifyingKey key = publicHalf(given.text("--fix-sig-pubkey").orElseThrow(), io);
      return Optional.of(new GivenSignature(key, signature(signature.get(), io)));
    }
    return Optional.empty();
  }

  /// Of whoever will sign what is exported; only the public half is asked for.
  static Optional<VerifyingKey> exportedFor(Given given, Io io)
      throws RefusedException, IOException {
    Optional<String> name = given.text("--key").or(() -> given.text("--fix-sig-pubkey"));
    return name.isPresent() ? Optional.of(publicHalf(name.get(), io)) : Optional.empty();
  }

  private static LocalKey local(String name, Io io) throws RefusedException, IOException {
    return switch (Key.read(name, io)) {
      case Key.Signing(_, var half) ->
          half.orElseThrow(
              () ->
                  RefusedException.usage(
                      name + " holds only a public key; signing needs the private one"));
      case Key.Agreeing _ ->
          throw RefusedException.failed(name + " holds an x25519 key, which signs no images");
    };
  }

  static VerifyingKey publicHalf(String name, Io io) throws RefusedException, IOException {
    return switch (Key.read(name, io)) {
      case Key.Signing(var key, _) -> key;
      case Key.Agreeing _ ->
          throw RefusedException.failed(name + " holds an x25519 key, which signs no images");
    };
  }

  private static Bytes signature(String name, Io io) throws RefusedException {
    String text = new Folder(io).read(name, SIGNATURE_FILE_MAX).toUtf8();
    try {
      byte[] compact = text.replaceAll("\\s", "").getBytes(StandardCharsets.UTF_8);
      return Bytes.owning(Base64.getDecoder().decode(compact));
    } catch (IllegalArgumentException e) {
      throw RefusedException.failed(name + " holds no signature in base64");
    }
  }
}
