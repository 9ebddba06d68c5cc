// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// A private key in a token (RFC 7512), as far as finding one takes:
///
/// ```
/// pkcs11:token=LABEL;serial=TEXT;object=LABEL;id=%01%02;type=private
///        ?module-path=/absolute/library.so&pin-source=file:/absolute/pin
/// ```
///
/// All but `module-path` may be left out where it does not matter. Anything else is refused: an
/// attribute passed over could lead to another key. So is a PIN in the URI: everybody on the
/// machine can read it there.
public record TokenUri(
    Optional<String> token,
    Optional<String> serial,
    Optional<String> object,
    Optional<Bytes> id,
    Path module,
    Optional<Path> pinSource) {
  static final String SCHEME = "pkcs11:";

  private static final Set<String> PATH = Set.of("token", "serial", "object", "id", "type");
  private static final Set<String> QUERY = Set.of("module-path", "pin-source");

  static TokenUri parse(String text) throws MalformedException {
    String rest = text.substring(SCHEME.length());
    int question = rest.indexOf('?');
    String path = question < 0 ? rest : rest.substring(0, question);
    String query = question < 0 ? "" : rest.substring(question + 1);
    Map<String, Bytes> found = new HashMap<>();
    attributes(path, ";", PATH, found);
    attributes(query, "&", QUERY, found);
    Optional<String> type = text(found, "type");
    if (type.isPresent() && !type.get().equals("private")) {
      throw new MalformedException(
          "type=%s in the PKCS#11 URI, expected type=private".formatted(type.get()), 0);
    }
    Optional<String> module = text(found, "module-path");
    if (module.isEmpty()) {
      throw new MalformedException(
          "the PKCS#11 URI names no library; add '?module-path=/path/to/library.so'", 0);
    }
    return new TokenUri(
        text(found, "token"),
        text(found, "serial"),
        text(found, "object"),
        Optional.ofNullable(found.get("id")),
        absolute("module-path", module.get()),
        pinSource(text(found, "pin-source")));
  }

  private static void attributes(
      String part, String separator, Set<String> known, Map<String, Bytes> found)
      throws MalformedException {
    if (part.isEmpty()) {
      return;
    }
    for (String attribute : part.split(separator, -1)) {
      int equals = attribute.indexOf('=');
      String name = equals < 0 ? attribute : attribute.substring(0, equals);
      if (name.equals("pin-value")) {
        throw new MalformedException(
            "a PIN in a URI is there for all to read;"
                + " use pin-source=file:PATH, --password-file, or type it when asked",
            0);
      }
      if (equals < 1 || !known.contains(name)) {
        throw new MalformedException(
            "'%s' in the PKCS#11 URI is not understood, expected %s"
                .formatted(name, String.join(", ", known.stream().sorted().toList())),
            0);
      }
      if (found.put(name, decoded(attribute.substring(equals + 1))) != null) {
        throw new MalformedException("'%s' is twice in the PKCS#11 URI".formatted(name), 0);
      }
    }
  }

  private static Bytes decoded(String value) throws MalformedException {
    byte[] typed = value.getBytes(StandardCharsets.UTF_8);
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int at = 0; at < typed.length; at++) {
      if (typed[at] != '%') {
        out.write(typed[at]);
        continue;
      }
      int high = at + 2 < typed.length ? Character.digit(typed[at + 1], 16) : -1;
      int low = at + 2 < typed.length ? Character.digit(typed[at + 2], 16) : -1;
      if (high < 0 || low < 0) {
        throw new MalformedException("'%' is not followed by two hexadecimal digits", at);
      }
      out.write(high << 4 | low);
      at += 2;
    }
    return Bytes.owning(out.toByteArray());
  }

  private static Optional<String> text(Map<String, Bytes> found, String name)
      throws MalformedException {
    Bytes value = found.get(name);
    if (value == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.toArray())).toString());
    } catch (CharacterCodingException e) {
      throw new MalformedException("'%s' in the PKCS#11 URI is not UTF-8".formatted(name), 0, e);
    }
  }

  private static Optional<Path> pinSource(Optional<String> source) throws MalformedException {
    if (source.isEmpty()) {
      return Optional.empty();
    }
    String path = source.get();
    if (path.startsWith("file:")) {
      path = path.substring("file:".length());
      path = path.startsWith("//") ? path.substring(2) : path;
    }
    return Optional.of(absolute("pin-source", path));
  }

  private static Path absolute(String name, String path) throws MalformedException {
    if (!path.startsWith("/") || path.indexOf('\0') >= 0) {
      throw new MalformedException("%s is '%s', expected /a/path".formatted(name, path), 0);
    }
    return Path.of(path);
  }

  /// What is looked for, without library and PIN: for sentences.
  @Override
  public String toString() {
    StringBuilder out = new StringBuilder(SCHEME);
    token.ifPresent(label -> out.append("token=").append(label).append(';'));
    serial.ifPresent(number -> out.append("serial=").append(number).append(';'));
    object.ifPresent(label -> out.append("object=").append(label).append(';'));
    id.ifPresent(bytes -> out.append("id=").append(bytes.toHex()).append(';'));
    return out.charAt(out.length() - 1) == ';'
        ? out.substring(0, out.length() - 1)
        : out.toString();
  }
}
