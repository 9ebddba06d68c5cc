// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/// A version as update-management writes it: 1.8.2 is `[1, 8, 2]`, and -1, -2 and -3 stand for
/// release candidate, beta and alpha.
public record SuitVersion(List<Long> parts) {
  public static final int PARTS_MAX = 8;

  private static final long ALPHA = -3;

  public SuitVersion {
    parts = List.copyOf(parts);
    if (parts.isEmpty() || parts.size() > PARTS_MAX) {
      throw new IllegalArgumentException("a version of " + parts.size() + " parts");
    }
    if (parts.getFirst() < 0 || parts.stream().anyMatch(part -> part < ALPHA)) {
      throw new IllegalArgumentException("no version: " + parts);
    }
  }

  public static SuitVersion of(long... parts) {
    return new SuitVersion(java.util.Arrays.stream(parts).boxed().toList());
  }

  public Bytes encode() {
    return Cbor.deterministic(toCbor());
  }

  CborItem toCbor() {
    return new CborList(parts.stream().<CborItem>map(CborInt::of).toList());
  }

  static SuitVersion decode(Bytes bytes) throws MalformedException {
    return fromCbor(Cbor.strict(bytes));
  }

  static SuitVersion fromCbor(CborItem item) throws MalformedException {
    List<Long> parts = new ArrayList<>();
    for (CborItem part : CborFields.expect(item, CborList.class, "version").items()) {
      parts.add(CborFields.toLong(CborFields.expect(part, CborInt.class, "version"), "version"));
    }
    try {
      return new SuitVersion(parts);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("no version: " + parts, 0, e);
    }
  }

  /// As people write it: 1.8.2, 1.9.0-rc.2.
  @Override
  public String toString() {
    return parts.stream()
        .map(
            part ->
                switch (part.intValue()) {
                  case -1 -> "-rc";
                  case -2 -> "-beta";
                  case -3 -> "-alpha";
                  default -> "." + part;
                })
        .collect(Collectors.joining())
        .substring(1);
  }
}
