// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

/// What was found is not a key that serves: a wrong password or PIN, another type, no such object,
/// or not a key at all. The sentence says what was expected; it names no secret.
public final class KeyRefusedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final String sentence;

  KeyRefusedException(String sentence) {
    super(sentence);
    this.sentence = sentence;
  }

  KeyRefusedException(String sentence, Throwable cause) {
    super(sentence, cause);
    this.sentence = sentence;
  }

  @Override
  public String getMessage() {
    return sentence;
  }
}
