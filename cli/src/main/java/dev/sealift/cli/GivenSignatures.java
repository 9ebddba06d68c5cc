// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.regex.Pattern;

/// A signature in a file, as whoever made it wrote it: the bytes themselves, or their base64.
final class GivenSignatures {
  private static final Pattern BASE64 = Pattern.compile("[A-Za-z0-9+/\\s]+=*\\s*");

  private GivenSignatures() {}

  static Bytes read(Path file) {
    Bytes content = Files.read(file);
    String text = new String(content.toArray(), StandardCharsets.ISO_8859_1);
    if (!BASE64.matcher(text).matches()) {
      return content;
    }
    try {
      return Bytes.owning(Base64.getDecoder().decode(text.replaceAll("\\s", "")));
    } catch (IllegalArgumentException e) {
      throw Failure.refused(
          "%s is neither a signature nor the base64 of one: %s".formatted(file, e.getMessage()));
    }
  }
}
