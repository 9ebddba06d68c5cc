// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import java.util.ArrayList;
import java.util.List;

/// The name of a component: a path of byte strings.
public record ComponentId(List<Bytes> path) {
  public ComponentId {
    path = List.copyOf(path);
  }

  public static ComponentId of(Bytes... path) {
    return new ComponentId(List.of(path));
  }

  public CborItem toCbor() {
    return new CborList(path.stream().<CborItem>map(CborBytes::new).toList());
  }

  static ComponentId fromCbor(CborItem item) throws MalformedException {
    List<Bytes> path = new ArrayList<>();
    for (CborItem part : CborFields.expect(item, CborList.class, "component id").items()) {
      path.add(CborFields.expect(part, CborBytes.class, "component id").value());
    }
    return new ComponentId(path);
  }
}
