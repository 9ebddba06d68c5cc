// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What all sections of a manifest share: the components by index, the manifests it depends on,
/// and the sequence that runs before each section. A dependency may have a component id of its
/// own, its prefix.
public record SuitCommon(
    SortedMap<Long, Optional<ComponentId>> dependencies,
    List<ComponentId> components,
    Optional<SuitSequence> shared) {
  public static final int COMPONENTS_MAX = 64;

  private static final int DEPENDENCIES = 1;
  private static final int COMPONENTS = 2;
  private static final int SHARED = 4;
  private static final int PREFIX = 1;

  public SuitCommon {
    dependencies = Collections.unmodifiableSortedMap(new TreeMap<>(dependencies));
    components = List.copyOf(components);
  }

  public static SuitCommon of(List<ComponentId> components, SuitSequence shared) {
    return new SuitCommon(new TreeMap<>(), components, Optional.of(shared));
  }

  /// A component of the list, or a dependency: the examples of trust-domains give dependencies an
  /// index behind the list.
  boolean hasIndex(long index) {
    return index < components.size() || dependencies.containsKey(index);
  }

  Bytes encode() {
    CborMap.Builder map = CborMap.builder();
    if (!dependencies.isEmpty()) {
      CborMap.Builder byIndex = CborMap.builder();
      dependencies.forEach(
          (index, prefix) -> {
            CborMap.Builder metadata = CborMap.builder();
            prefix.ifPresent(id -> metadata.put(PREFIX, id.toCbor()));
            byIndex.put(index, metadata.build());
          });
      map.put(DEPENDENCIES, byIndex.build());
    }
    if (!components.isEmpty()) {
      map.put(COMPONENTS, new CborList(components.stream().map(ComponentId::toCbor).toList()));
    }
    shared.ifPresent(sequence -> map.put(SHARED, sequence.encode()));
    return Cbor.deterministic(map.build());
  }

  static SuitCommon decode(Bytes bytes) throws MalformedException, RefusedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "common");
    fields.onlyKeys(DEPENDENCIES, COMPONENTS, SHARED);
    SortedMap<Long, Optional<ComponentId>> dependencies = new TreeMap<>();
    Optional<CborMap> found = fields.optional(CborInt.of(DEPENDENCIES), CborMap.class);
    if (found.isPresent()) {
      for (var entry : found.get().entries().entrySet()) {
        long index =
            CborFields.toLong(
                CborFields.expect(entry.getKey(), CborInt.class, "dependency"), "dependency");
        if (index < 0) {
          throw new MalformedException("dependency " + index, 0);
        }
        CborFields metadata = CborFields.of(entry.getValue(), "dependency");
        metadata.onlyKeys(PREFIX);
        Optional<CborItem> prefix = metadata.item(CborInt.of(PREFIX));
        dependencies.put(
            index,
            prefix.isEmpty() ? Optional.empty() : Optional.of(ComponentId.fromCbor(prefix.get())));
      }
    }
    List<ComponentId> components = new ArrayList<>();
    Optional<CborList> list = fields.optional(CborInt.of(COMPONENTS), CborList.class);
    if (list.isPresent()) {
      for (CborItem component : list.get().items()) {
        components.add(ComponentId.fromCbor(component));
      }
    }
    if ((dependencies.isEmpty() && found.isPresent())
        || (components.isEmpty() && list.isPresent())) {
      throw new MalformedException("common names a list of nothing", 0);
    }
    if (components.size() + dependencies.size() > COMPONENTS_MAX) {
      throw RefusedException.unsupported("more than " + COMPONENTS_MAX + " components");
    }
    Optional<Bytes> shared = fields.optionalBytes(SHARED);
    return new SuitCommon(
        dependencies,
        components,
        shared.isEmpty() ? Optional.empty() : Optional.of(SuitSequence.decode(shared.get())));
  }
}
