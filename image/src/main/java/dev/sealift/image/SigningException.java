// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image;

/// An image that cannot be made as asked; the message says why. No half-made image exists then.
public final class SigningException extends Exception {
  private static final long serialVersionUID = 1L;

  public SigningException(String sentence) {
    super(sentence);
  }
}
