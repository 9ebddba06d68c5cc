// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One block of PEM (RFC 7468): a label and what it holds. Text before and after is passed over, as
/// are the curve parameters that OpenSSL puts before an EC key. It prints only its label, as it may
/// hold a private key.
public record Pem(String label, Bytes content) {
  /// Far above any key: an RSA key of 3072 bits has 2500 characters.
  public static final int SIZE_MAX = 64 * 1024;

  private static final Pattern BEGIN = Pattern.compile("-----BEGIN ([A-Z0-9 ]{1,40})-----");
  private static final String PARAMETERS = "EC PARAMETERS";

  public static Pem read(String text) throws MalformedException {
    if (text.length() > SIZE_MAX) {
      throw new MalformedException("%d characters are no key".formatted(text.length()), 0);
    }
    Matcher begin = BEGIN.matcher(text);
    if (!begin.find()) {
      throw new MalformedException("no key: nothing begins with -----BEGIN", 0);
    }
    String label = begin.group(1);
    int start = begin.end();
    String end = "-----END " + label + "-----";
    int stop = text.indexOf(end, start);
    if (stop < 0) {
      throw new MalformedException("the key is cut off: %s is missing".formatted(end), start);
    }
    String rest = text.substring(stop + end.length());
    if (label.equals(PARAMETERS)) {
      return read(rest);
    }
    if (BEGIN.matcher(rest).find()) {
      throw new MalformedException("there is more than one key in the file", stop);
    }
    String body = text.substring(start, stop);
    if (body.contains("ENCRYPTED")) {
      throw new MalformedException(
          "the key is protected by a password in OpenSSL's old way, which is not read"
              + " (openssl pkcs8 -topk8 -v2 aes-256-cbc -in KEY -out NEW changes it)",
          0);
    }
    try {
      byte[] compact = body.replaceAll("\\s", "").getBytes(StandardCharsets.US_ASCII);
      return new Pem(label, Bytes.owning(Base64.getDecoder().decode(compact)));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("the key is damaged: no base64 inside", start, e);
    }
  }

  public static String write(String label, Bytes content) {
    Base64.Encoder encoder = Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII));
    String body = encoder.encodeToString(content.toArray());
    return "-----BEGIN %s-----\n%s\n-----END %s-----\n".formatted(label, body, label);
  }

  @Override
  public String toString() {
    return "PEM of a " + label.toLowerCase(Locale.ROOT);
  }
}
