// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.suit.ComponentId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a role's keys may speak for. An empty list limits nothing.
public record Scope(
    List<VendorId> vendors,
    List<ClassId> classes,
    List<ComponentId> componentPrefixes,
    List<Bytes> deployments,
    Optional<Range> sequences,
    List<String> uriPrefixes) {

  /// From the first to the last, both included.
  public record Range(SequenceNumber first, SequenceNumber last) {
    public Range {
      if (first.compareTo(last) > 0) {
        throw new IllegalArgumentException("range from %s to %s".formatted(first, last));
      }
    }

    boolean holds(SequenceNumber sequence) {
      return first.compareTo(sequence) <= 0 && sequence.compareTo(last) <= 0;
    }
  }

  private static final int VENDORS = 1;
  private static final int CLASSES = 2;
  private static final int COMPONENTS = 3;
  private static final int DEPLOYMENTS = 4;
  private static final int SEQUENCES = 5;
  private static final int URIS = 6;

  public Scope {
    vendors = List.copyOf(vendors);
    classes = List.copyOf(classes);
    componentPrefixes = List.copyOf(componentPrefixes);
    deployments = List.copyOf(deployments);
    uriPrefixes = List.copyOf(uriPrefixes);
  }

  public static Scope ofClass(VendorId vendor, ClassId deviceClass) {
    return new Scope(
        List.of(vendor), List.of(deviceClass), List.of(), List.of(), Optional.empty(), List.of());
  }

  public Scope withSequences(SequenceNumber first, SequenceNumber last) {
    return new Scope(
        vendors,
        classes,
        componentPrefixes,
        deployments,
        Optional.of(new Range(first, last)),
        uriPrefixes);
  }

  boolean coversKind(VendorId vendor, ClassId deviceClass) {
    return (vendors.isEmpty() || vendors.contains(vendor))
        && (classes.isEmpty() || classes.contains(deviceClass));
  }

  boolean coversDeployment(Optional<DeploymentId> deployment) {
    return deployments.isEmpty()
        || deployment.filter(id -> deployments.contains(id.bytes())).isPresent();
  }

  /// For whose devices it is, and which places of theirs. Where the sequence stands is asked apart.
  boolean coversContent(Release release) {
    return coversKind(release.vendor(), release.deviceClass())
        && (componentPrefixes.isEmpty()
            || release.parts().stream().allMatch(part -> coversPlace(part.place())))
        // The profile fetches from nowhere but the file.
        && uriPrefixes.isEmpty();
  }

  private boolean coversPlace(Place place) {
    return componentPrefixes.stream()
        .anyMatch(prefix -> prefix.path().equals(List.of(place.segment())));
  }

  boolean coversSequence(SequenceNumber sequence) {
    return sequences.map(range -> range.holds(sequence)).orElse(true);
  }

  /// Whether all its limits are limits of devices: what is said of no release can be held against
  /// no others, and a limit is never passed over.
  boolean isOfDevicesAlone() {
    return componentPrefixes.isEmpty() && sequences.isEmpty() && uriPrefixes.isEmpty();
  }

  CborItem toCbor() {
    CborMap.Builder map = CborMap.builder();
    put(map, VENDORS, vendors.stream().<CborItem>map(id -> new CborBytes(id.bytes())).toList());
    put(map, CLASSES, classes.stream().<CborItem>map(id -> new CborBytes(id.bytes())).toList());
    put(map, COMPONENTS, componentPrefixes.stream().map(ComponentId::toCbor).toList());
    put(map, DEPLOYMENTS, deployments.stream().<CborItem>map(CborBytes::new).toList());
    sequences.ifPresent(
        range ->
            put(
                map,
                SEQUENCES,
                List.of(new CborInt(range.first().value()), new CborInt(range.last().value()))));
    put(map, URIS, uriPrefixes.stream().<CborItem>map(CborText::new).toList());
    return map.build();
  }

  static Scope fromCbor(CborItem item) throws MalformedException {
    CborFields fields = CborFields.of(item, "scope");
    fields.onlyKeys(VENDORS, CLASSES, COMPONENTS, DEPLOYMENTS, SEQUENCES, URIS);
    List<VendorId> vendors = new ArrayList<>();
    for (CborItem id : list(fields, VENDORS)) {
      vendors.add(new VendorId(id(id)));
    }
    List<ClassId> classes = new ArrayList<>();
    for (CborItem id : list(fields, CLASSES)) {
      classes.add(new ClassId(id(id)));
    }
    List<ComponentId> components = new ArrayList<>();
    for (CborItem prefix : list(fields, COMPONENTS)) {
      components.add(prefix(prefix));
    }
    List<Bytes> deployments = new ArrayList<>();
    for (CborItem id : list(fields, DEPLOYMENTS)) {
      deployments.add(id(id));
    }
    List<String> uris = new ArrayList<>();
    for (CborItem uri : list(fields, URIS)) {
      uris.add(CborFields.expect(uri, CborText.class, "scope's URI").value());
    }
    return new Scope(vendors, classes, components, deployments, range(fields), uris);
  }

  private static void put(CborMap.Builder map, int key, List<CborItem> items) {
    if (!items.isEmpty()) {
      map.put(key, new CborList(items));
    }
  }

  /// A list that is there limits; one that is there and empty would allow nothing, and nobody
  /// means that.
  private static List<CborItem> list(CborFields fields, int key) throws MalformedException {
    Optional<CborList> list = fields.optional(CborInt.of(key), CborList.class);
    if (list.isPresent() && list.get().size() == 0) {
      throw new MalformedException("scope field " + key + " is empty", 0);
    }
    return list.map(CborList::items).orElse(List.of());
  }

  private static Optional<Range> range(CborFields fields) throws MalformedException {
    List<CborItem> items = list(fields, SEQUENCES);
    if (items.isEmpty()) {
      return Optional.empty();
    }
    if (items.size() != 2) {
      throw new MalformedException("scope's range of %d numbers".formatted(items.size()), 0);
    }
    SequenceNumber first = sequence(items.get(0));
    SequenceNumber last = sequence(items.get(1));
    if (first.compareTo(last) > 0) {
      throw new MalformedException("scope's range from %s to %s".formatted(first, last), 0);
    }
    return Optional.of(new Range(first, last));
  }

  static SequenceNumber sequence(CborItem item) throws MalformedException {
    CborInt number = CborFields.expect(item, CborInt.class, "sequence number");
    if (number.value().signum() < 0) {
      throw new MalformedException("sequence number " + number.value(), 0);
    }
    return SequenceNumber.of(number.value());
  }

  private static ComponentId prefix(CborItem item) throws MalformedException {
    List<Bytes> path = new ArrayList<>();
    for (CborItem part : CborFields.expect(item, CborList.class, "component prefix").items()) {
      path.add(CborFields.expect(part, CborBytes.class, "component prefix").value());
    }
    return new ComponentId(path);
  }

  static Bytes id(CborItem item) throws MalformedException {
    Bytes id = CborFields.expect(item, CborBytes.class, "id").value();
    if (id.size() != Uuid.SIZE) {
      throw new MalformedException("id of %d bytes, expected 16".formatted(id.size()), 0);
    }
    return id;
  }
}
