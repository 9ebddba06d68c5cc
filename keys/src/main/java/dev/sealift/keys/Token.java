// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.Secret;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.keys.Cryptoki.Attribute;
import dev.sealift.keys.Cryptoki.Mechanism;
import dev.sealift.keys.Cryptoki.TokenInfo;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.cert.CertificateFactory;
import java.security.spec.RSAPublicKeySpec;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// One private key of a token, found and ready to sign: a session of its own, logged in.
final class Token implements Holder {
  /// A curve by its CKA_EC_PARAMS, with what SPKI has before the point.
  private record OfCurve(Curve curve, Bytes parameters, Bytes spki) {
    static final List<OfCurve> ALL =
        List.of(
            new OfCurve(
                Curve.P256,
                Bytes.ofHex("06082a8648ce3d030107"),
                Bytes.ofHex("3059301306072a8648ce3d020106082a8648ce3d030107034200")),
            new OfCurve(
                Curve.P384,
                Bytes.ofHex("06052b81040022"),
                Bytes.ofHex("3076301006072a8648ce3d020106052b81040022036200")));

    int pointBytes() {
      return 1 + 2 * curve.bytes();
    }
  }

  private static final Bytes ED25519_SPKI = Bytes.ofHex("302a300506032b6570032100");
  private static final int ED25519_BYTES = 32;

  private final Cryptoki library;
  private final long session;
  private final long key;
  private final KeyType type;

  private Token(Cryptoki library, long session, long key, KeyType type) {
    this.library = library;
    this.session = session;
    this.key = key;
    this.type = type;
  }

  static Signer open(TokenUri uri, Optional<PublicHalf> given, PasswordSource passwords)
      throws IOException, KeyRefusedException {
    Cryptoki library = Cryptoki.load(uri.module());
    TokenInfo token = token(library, uri);
    long session = library.openSession(token);
    try {
      if (token.has(Cryptoki.FLAG_LOGIN_REQUIRED)) {
        login(library, session, token, uri, passwords);
      }
      long key = privateKey(library, session, uri);
      VerifyingKey publicKey = publicKey(library, session, key, given);
      return new Signer(
          new KeyPlace.InToken(uri),
          PublicHalf.of(publicKey),
          new Token(library, session, key, publicKey.type()));
    } catch (IOException | KeyRefusedException | RuntimeException e) {
      library.closeSession(session);
      throw e;
    }
  }

  private static TokenInfo token(Cryptoki library, TokenUri uri)
      throws IOException, KeyRefusedException {
    List<TokenInfo> all =
        library.tokens().stream().filter(token -> token.has(Cryptoki.FLAG_INITIALIZED)).toList();
    List<TokenInfo> fitting =
        all.stream()
            .filter(token -> uri.token().isEmpty() || uri.token().get().equals(token.label()))
            .filter(token -> uri.serial().isEmpty() || uri.serial().get().equals(token.serial()))
            .toList();
    if (fitting.size() != 1) {
      throw new KeyRefusedException(
          "%s, expected one; there are: %s"
              .formatted(
                  fitting.isEmpty() ? "no such token" : fitting.size() + " such tokens",
                  all.isEmpty()
                      ? "none"
                      : String.join(
                          ", ",
                          all.stream()
                              .map(one -> "'%s' (serial %s)".formatted(one.label(), one.serial()))
                              .sorted()
                              .toList())));
    }
    return fitting.getFirst();
  }

  /// A wrong PIN is tried once and never again by itself: tokens lock themselves.
  private static void login(
      Cryptoki library, long session, TokenInfo token, TokenUri uri, PasswordSource passwords)
      throws IOException, KeyRefusedException {
    if (token.has(Cryptoki.FLAG_PIN_PAD)) {
      login(library, session, token, Optional.empty());
      return;
    }
    PasswordSource source =
        uri.pinSource().map(PasswordSource::inFile).orElse(PasswordSource.none()).or(passwords);
    Optional<Secret> pin = source.password("token '%s'".formatted(token.label()));
    if (pin.isEmpty()) {
      throw new KeyRefusedException(
          "token '%s' wants a PIN, and none was given".formatted(token.label()));
    }
    login(library, session, token, pin);
  }

  private static void login(Cryptoki library, long session, TokenInfo token, Optional<Secret> pin)
      throws IOException, KeyRefusedException {
    byte[] bytes = pin.map(secret -> secret.expose(byte[]::clone)).orElse(new byte[0]);
    try {
      library.login(session, pin.map(_ -> bytes));
    } catch (Cryptoki.FailedException e) {
      if (e.code() == Cryptoki.PIN_INCORRECT || e.code() == Cryptoki.PIN_LENGTH_RANGE) {
        throw new KeyRefusedException("wrong PIN for token '%s'".formatted(token.label()), e);
      }
      if (e.code() == Cryptoki.PIN_LOCKED) {
        throw new KeyRefusedException("token '%s' is locked".formatted(token.label()), e);
      }
      throw e;
    } finally {
      Arrays.fill(bytes, (byte) 0);
    }
  }

  private static long privateKey(Cryptoki library, long session, TokenUri uri)
      throws IOException, KeyRefusedException {
    List<Attribute> wanted = new ArrayList<>();
    wanted.add(Attribute.ofNumber(Cryptoki.CLASS, Cryptoki.CLASS_PRIVATE_KEY));
    uri.object().ifPresent(label -> wanted.add(label(Bytes.ofUtf8(label))));
    uri.id().ifPresent(id -> wanted.add(new Attribute(Cryptoki.ID, id)));
    List<Long> found = library.find(session, wanted);
    if (found.size() == 1) {
      return found.getFirst();
    }
    List<Long> all = library.find(session, wanted.subList(0, 1));
    throw new KeyRefusedException(
        "%s, expected one; the token has: %s"
            .formatted(
                found.isEmpty() ? "no such private key" : found.size() + " such private keys",
                all.isEmpty()
                    ? "none"
                    : String.join(
                        ", ",
                        all.stream()
                            .map(key -> described(library, session, key))
                            .sorted()
                            .toList())));
  }

  private static Attribute label(Bytes label) {
    return new Attribute(Cryptoki.LABEL, label);
  }

  private static String described(Cryptoki library, long session, long key) {
    return "'%s' (id %s)"
        .formatted(
            library.attribute(session, key, Cryptoki.LABEL).map(Bytes::toUtf8).orElse(""),
            library.attribute(session, key, Cryptoki.ID).map(Bytes::toHex).orElse("none"));
  }

  /// A private key does not tell its public half. Beside it there is a public object or a
  /// certificate with the same id, else the same label; or it was given.
  private static VerifyingKey publicKey(
      Cryptoki library, long session, long key, Optional<PublicHalf> given)
      throws IOException, KeyRefusedException {
    Optional<Bytes> id =
        library.attribute(session, key, Cryptoki.ID).filter(bytes -> !bytes.isEmpty());
    Optional<Bytes> label = library.attribute(session, key, Cryptoki.LABEL);
    List<Attribute> same =
        id.map(bytes -> List.of(new Attribute(Cryptoki.ID, bytes)))
            .orElseGet(() -> label.map(Token::label).map(List::of).orElse(List.of()));
    if (!same.isEmpty()) {
      for (long kind : List.of(Cryptoki.CLASS_PUBLIC_KEY, Cryptoki.CLASS_CERTIFICATE)) {
        List<Attribute> wanted = List.of(Attribute.ofNumber(Cryptoki.CLASS, kind), same.getFirst());
        for (long object : library.find(session, wanted)) {
          return kind == Cryptoki.CLASS_PUBLIC_KEY
              ? ofPublicObject(library, session, object)
              : ofCertificate(library, session, object);
        }
      }
    }
    return given
        .flatMap(PublicHalf::forImages)
        .orElseThrow(
            () ->
                new KeyRefusedException(
                    "the token has no public key beside %s; give it with --public FILE"
                        .formatted(described(library, session, key))));
  }

  private static VerifyingKey ofPublicObject(Cryptoki library, long session, long object)
      throws KeyRefusedException {
    long kind = library.numberAttribute(session, object, Cryptoki.KEY_TYPE).orElse(-1L);
    try {
      if (kind == Cryptoki.KEY_TYPE_RSA) {
        return ofRsa(
            attribute(library, session, object, Cryptoki.MODULUS),
            attribute(library, session, object, Cryptoki.PUBLIC_EXPONENT));
      }
      if (kind == Cryptoki.KEY_TYPE_EC) {
        Bytes parameters = attribute(library, session, object, Cryptoki.EC_PARAMETERS);
        for (OfCurve curve : OfCurve.ALL) {
          if (parameters.equals(curve.parameters())) {
            Bytes point = attribute(library, session, object, Cryptoki.EC_POINT);
            return VerifyingKey.read(curve.spki().plus(bare(point, curve.pointBytes())));
          }
        }
      }
      if (kind == Cryptoki.KEY_TYPE_EC_EDWARDS) {
        Bytes point = attribute(library, session, object, Cryptoki.EC_POINT);
        return VerifyingKey.read(ED25519_SPKI.plus(bare(point, ED25519_BYTES)));
      }
    } catch (MalformedException e) {
      throw new KeyRefusedException("the token's public key: " + e.getMessage(), e);
    }
    throw new KeyRefusedException(
        "the key in the token is of no type that is used here, which are " + KeyType.words());
  }

  private static Bytes attribute(Cryptoki library, long session, long object, long type)
      throws MalformedException {
    return library
        .attribute(session, object, type)
        .orElseThrow(() -> new MalformedException("attribute 0x%x is missing".formatted(type), 0));
  }

  /// A point as it is, or in an octet string: tokens differ.
  private static Bytes bare(Bytes point, int size) throws MalformedException {
    if (point.size() == size) {
      return point;
    }
    if (point.size() == size + 2 && point.at(0) == 4 && point.at(1) == size) {
      return point.from(2);
    }
    throw new MalformedException("a point of %d bytes".formatted(point.size()), 0);
  }

  private static VerifyingKey ofRsa(Bytes modulus, Bytes exponent) throws MalformedException {
    try {
      RSAPublicKeySpec numbers =
          new RSAPublicKeySpec(
              new BigInteger(1, modulus.toArray()), new BigInteger(1, exponent.toArray()));
      return VerifyingKey.read(
          Bytes.owning(KeyFactory.getInstance("RSA").generatePublic(numbers).getEncoded()));
    } catch (GeneralSecurityException e) {
      throw new MalformedException("no RSA key", 0, e);
    }
  }

  private static VerifyingKey ofCertificate(Cryptoki library, long session, long object)
      throws KeyRefusedException {
    try {
      Bytes der = attribute(library, session, object, Cryptoki.VALUE);
      return VerifyingKey.read(
          Bytes.owning(
              CertificateFactory.getInstance("X.509")
                  .generateCertificate(new ByteArrayInputStream(der.toArray()))
                  .getPublicKey()
                  .getEncoded()));
    } catch (MalformedException | GeneralSecurityException e) {
      throw new KeyRefusedException("the token's certificate: " + e.getMessage(), e);
    }
  }

  @Override
  public Bytes sign(Bytes message) throws IOException {
    return switch (type) {
      case ECDSA_P256 -> sign(new Mechanism(Cryptoki.ECDSA, Bytes.EMPTY), message.sha256());
      case ECDSA_P384 ->
          sign(new Mechanism(Cryptoki.ECDSA, Bytes.EMPTY), message.digest("SHA-384"));
      case ED25519 -> sign(new Mechanism(Cryptoki.EDDSA, Bytes.EMPTY), message);
      case RSA_2048, RSA_3072 ->
          sign(new Mechanism(Cryptoki.RSA_PKCS_PSS, pssParameters()), message.sha256());
    };
  }

  private Bytes sign(Mechanism mechanism, Bytes data) throws IOException {
    return library.sign(session, key, mechanism, data);
  }

  /// CK_RSA_PKCS_PSS_PARAMS: hash, mask and length of the salt, a CK_ULONG each.
  private static Bytes pssParameters() {
    return Bytes.owning(
        ByteBuffer.allocate(3 * Long.BYTES)
            .order(ByteOrder.nativeOrder())
            .putLong(Cryptoki.SHA256)
            .putLong(Cryptoki.MGF1_SHA256)
            .putLong(32)
            .array());
  }

  @Override
  public void close() {
    try {
      library.closeSession(session);
    } catch (IOException _) {
      // The token is gone, and its session with it.
    }
  }
}
