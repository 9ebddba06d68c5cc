// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.image.key.KeyLanguage;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.LockedPem;
import dev.sealift.image.key.OpeningKey;
import dev.sealift.image.key.PrivateDer;
import dev.sealift.image.key.SealingKeyType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The commands about keys.
final class KeyCommands {
  private static final Pattern SUFFIX = Pattern.compile("[A-Za-z0-9_]*");
  private static final String X25519 = "x25519";

  private KeyCommands() {}

  private static Option key() {
    return Option.text("FILE", "the key, in PEM", "--key", "-k").required();
  }

  private static Option output() {
    return Option.text("FILE", "where to, instead of the standard output", "--output", "-o");
  }

  private static Option suffix() {
    return Option.text("TEXT", "put behind the names in the source code", "--name-suffix");
  }

  static Command keygen() {
    List<String> types = new ArrayList<>();
    Arrays.stream(KeyType.values()).map(KeyType::toString).forEach(types::add);
    types.add(X25519);
    return new Command(
        "keygen",
        "Make a key pair; the file is readable by its owner alone and never written over another.",
        List.of(
            Option.text("FILE", "where the key goes", "--key", "-k").required(),
            Option.oneOf(types, "the type of the key", "--type", "-t").required(),
            Option.flag("ask for a password that protects the key", "--password", "-p")),
        List.of(),
        KeyCommands::make);
  }

  private static void make(Given given, Io io) throws RefusedException, IOException {
    String name = given.text("--key").orElseThrow();
    Folder folder = new Folder(io);
    if (folder.has(name)) {
      // Before a password is typed in vain; the writing looks again.
      throw RefusedException.failed(
          "not written: %s exists already, and it may hold a key; move it away first"
              .formatted(name));
    }
    String type = given.text("--type").orElseThrow();
    Optional<Secret> password =
        given.has("--password") ? Optional.of(chosen(io)) : Optional.empty();
    String pem =
        type.equals(X25519)
            ? OpeningKey.generate(SealingKeyType.X25519, io.random()).exposePem()
            : LocalKey.generate(KeyType.named(type).orElseThrow(), io.random()).exposePem();
    folder.writeNewSecret(
        name, Bytes.ofUtf8(password.isPresent() ? locked(pem, password.get(), io) : pem));
  }

  private static String locked(String pem, Secret password, Io io) {
    try {
      return LockedPem.lock(pem, password, io.random()).text();
    } catch (MalformedException e) {
      throw new IllegalStateException("a key that was made just now", e);
    }
  }

  /// Typed twice, until both are the same.
  private static Secret chosen(Io io) throws RefusedException, IOException {
    while (true) {
      Secret first = typed("Enter key passphrase: ", io);
      if (typed("Reenter passphrase: ", io).equals(first)) {
        if (first.size() == 0) {
          throw RefusedException.failed(
              "not written: a password of no characters protects nothing");
        }
        return first;
      }
      io.out().println("Passwords do not match, try again");
    }
  }

  private static Secret typed(String question, Io io) throws RefusedException, IOException {
    Optional<Secret> typed = io.prompt().ask(question);
    if (typed.isEmpty()) {
      throw RefusedException.failed("not written: no password was typed");
    }
    return typed.get();
  }

  static Command getpub() {
    return new Command(
        "getpub",
        "Write the public half of a key.",
        List.of(
            key(),
            Option.oneOf(List.of("lang-c", "lang-rust", "pem", "raw"), "how", "--encoding", "-e"),
            Option.oneOf(List.of("c", "rust"), "the old way to say --encoding", "--lang", "-l"),
            suffix(),
            output()),
        List.of(),
        KeyCommands::showPublic);
  }

  private static void showPublic(Given given, Io io) throws RefusedException, IOException {
    if (given.has("--encoding") && given.has("--lang")) {
      throw RefusedException.usage("--encoding and --lang exclude each other");
    }
    String encoding =
        given
            .text("--lang")
            .map(language -> "lang-" + language)
            .orElse(given.text("--encoding", "lang-c"));
    String suffix = suffix(given, encoding);
    Key key = Key.read(given.text("--key").orElseThrow(), io);
    String name = key.sourceName() + "_pub_key" + suffix;
    write(
        given,
        io,
        switch (encoding) {
          case "lang-c" -> Bytes.ofUtf8(KeyLanguage.C.array(name, key.raw()));
          case "lang-rust" -> Bytes.ofUtf8(KeyLanguage.RUST.array(name, key.raw()));
          case "pem" -> Bytes.ofUtf8(key.publicPem());
          default -> key.raw();
        });
  }

  private static String suffix(Given given, String encoding) throws RefusedException {
    String suffix = given.text("--name-suffix", "");
    if (!SUFFIX.matcher(suffix).matches()) {
      throw RefusedException.usage(
          "--name-suffix \"%s\" is no part of a name: letters, digits and _ are".formatted(suffix));
    }
    if (given.has("--name-suffix") && !encoding.startsWith("lang-")) {
      throw RefusedException.usage("--name-suffix is for source code, not for " + encoding);
    }
    return suffix;
  }

  private static void write(Given given, Io io, Bytes content)
      throws RefusedException, IOException {
    Optional<String> output = given.text("--output");
    if (output.isPresent()) {
      new Folder(io).write(output.get(), content);
    } else {
      content.writeTo(io.out());
    }
  }

  static Command getpubhash() {
    return new Command(
        "getpubhash",
        "Write the SHA-256 of the public half of a key, whatever hash its images have.",
        List.of(
            key(),
            Option.oneOf(List.of("lang-c", "raw"), "how", "--encoding", "-e"),
            suffix(),
            output()),
        List.of(),
        KeyCommands::showHash);
  }

  private static void showHash(Given given, Io io) throws RefusedException, IOException {
    String encoding = given.text("--encoding", "lang-c");
    String suffix = suffix(given, encoding);
    Key key = Key.read(given.text("--key").orElseThrow(), io);
    Bytes hash = key.raw().sha256();
    String name = key.sourceName() + "_pub_key_hash" + suffix;
    write(given, io, encoding.equals("raw") ? hash : Bytes.ofUtf8(KeyLanguage.C.array(name, hash)));
  }

  static Command getpriv() {
    return new Command(
        "getpriv",
        "Write the private half of a key as an array in C, for a bootloader that decrypts.",
        List.of(
            key(),
            Option.oneOf(List.of("openssl", "pkcs8"), "what it is wrapped in", "--format", "-f"),
            Option.flag("no more than decrypting needs", "--minimal")),
        List.of(),
        KeyCommands::showPrivate);
  }

  private static void showPrivate(Given given, Io io) throws RefusedException, IOException {
    String name = given.text("--key").orElseThrow();
    Key key = Key.read(name, io);
    if (!key.isPrivate()) {
      throw RefusedException.usage(name + " holds only a public key");
    }
    Secret der = privateDer(key, given);
    String text = der.expose(bytes -> KeyLanguage.C.array("enc_priv_key", Bytes.of(bytes)));
    Bytes.ofUtf8(text).writeTo(io.out());
  }

  private static Secret privateDer(Key key, Given given) throws RefusedException {
    PrivateDer.Extent extent =
        given.has("--minimal") ? PrivateDer.Extent.MINIMAL : PrivateDer.Extent.WHOLE;
    Optional<String> format = given.text("--format");
    return switch (key) {
      case Key.Agreeing(_, var half) -> {
        refuse(format, "openssl", X25519);
        yield PrivateDer.ofX25519(half.orElseThrow());
      }
      case Key.Signing(var publicKey, var half) -> {
        LocalKey own = half.orElseThrow();
        yield switch (publicKey.type()) {
          case RSA_2048, RSA_3072 -> {
            refuse(format, "pkcs8", "RSA");
            yield PrivateDer.ofRsa(own, extent);
          }
          case ECDSA_P256 -> PrivateDer.ofEc(own, form(format), extent);
          case ECDSA_P384 -> {
            if (extent == PrivateDer.Extent.MINIMAL) {
              throw RefusedException.usage(
                  "keys of type ecdsa-p384 have no minimal form: no bootloader decrypts with them");
            }
            yield PrivateDer.ofEc(own, form(format), extent);
          }
          case ED25519 ->
              throw RefusedException.usage("an ed25519 key decrypts nothing, so none is written");
        };
      }
    };
  }

  private static PrivateDer.Form form(Optional<String> format) {
    return format.equals(Optional.of("openssl")) ? PrivateDer.Form.OPENSSL : PrivateDer.Form.PKCS8;
  }

  private static void refuse(Optional<String> format, String unknown, String type)
      throws RefusedException {
    if (format.equals(Optional.of(unknown))) {
      throw RefusedException.usage("keys of type %s have no form %s".formatted(type, unknown));
    }
  }

  static Command keyinfo() {
    return new Command(
        "keyinfo",
        "Say whether a key file holds a private or a public key; never asks for a password.",
        List.of(
            key(),
            Option.oneOf(List.of("private", "public"), "fail unless it is this one", "--require")),
        List.of(),
        KeyCommands::tell);
  }

  private static void tell(Given given, Io io) throws RefusedException {
    String name = given.text("--key").orElseThrow();
    String kind = kind(name, io);
    io.out().println(kind);
    Optional<String> wanted = given.text("--require");
    if (wanted.isPresent() && !wanted.get().equals(kind)) {
      throw RefusedException.usage(
          "%s holds a %s key, wanted is a %s one".formatted(name, kind, wanted.get()));
    }
  }

  private static String kind(String name, Io io) throws RefusedException {
    try {
      String pem = Key.text(name, io);
      if (LockedPem.find(pem).isPresent()) {
        throw RefusedException.usage(
            name + " is protected by a password, and this command asks for none");
      }
      return Key.of(pem).isPrivate() ? "private" : "public";
    } catch (MalformedException e) {
      throw RefusedException.usage("cannot use " + name + " as a key: " + e.getMessage());
    }
  }
}
