// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import java.util.List;

/// An array.
public record CborList(List<CborItem> items) implements CborItem {
  public CborList {
    items = List.copyOf(items);
  }

  public static CborList of(CborItem... items) {
    return new CborList(List.of(items));
  }

  public int size() {
    return items.size();
  }

  public CborItem get(int index) {
    return items.get(index);
  }
}
