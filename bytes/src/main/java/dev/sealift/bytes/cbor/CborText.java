// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

/// A text string.
public record CborText(String value) implements CborItem {
  // The same as a record has by itself, without what the JDK builds at the first call: the keys of
  // every answer go through here, also in a command that takes a tenth of a second in all.
  @Override
  public boolean equals(Object other) {
    return other instanceof CborText that && value.equals(that.value);
  }

  @Override
  public int hashCode() {
    return value.hashCode();
  }
}
