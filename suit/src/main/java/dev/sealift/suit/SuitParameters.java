// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// The parameters that one command sets, each at most once.
public record SuitParameters(List<SuitParameter> list) {
  public SuitParameters {
    list = List.copyOf(list);
    Set<Long> labels = new HashSet<>();
    for (SuitParameter parameter : list) {
      if (!labels.add(parameter.label())) {
        throw new IllegalArgumentException("parameter twice: " + parameter.label());
      }
    }
  }

  public static SuitParameters of(SuitParameter... parameters) {
    return new SuitParameters(List.of(parameters));
  }

  CborItem toCbor() {
    CborMap.Builder map = CborMap.builder();
    list.forEach(parameter -> map.put(parameter.label(), parameter.value()));
    return map.build();
  }

  static SuitParameters fromCbor(CborItem item) throws MalformedException, RefusedException {
    List<SuitParameter> list = new ArrayList<>();
    for (var entry : CborFields.expect(item, CborMap.class, "parameters").entries().entrySet()) {
      long label =
          CborFields.toLong(
              CborFields.expect(entry.getKey(), CborInt.class, "parameter"), "parameter");
      list.add(ParameterDecoder.fromCbor(label, entry.getValue()));
    }
    if (list.isEmpty()) {
      throw new MalformedException("a command that sets no parameter", 0);
    }
    return new SuitParameters(list);
  }
}
