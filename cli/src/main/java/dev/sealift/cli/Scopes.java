// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.Place;
import dev.sealift.permit.Role;
import dev.sealift.permit.Scope;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.VendorId;
import dev.sealift.suit.ComponentId;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// What keys may speak for, as people write it: `vendor=acme.example,class=sensor-1`.
final class Scopes {
  static final String FORM =
      "vendor=V, class=C, deployment=D, image=N[:SLOT], sequence=[E:]N-[E:]N, parted by commas";

  private Scopes() {}

  static Scope parse(String what, Role role, String text) {
    return of(what, role, Arrays.asList(text.split(",", -1)));
  }

  /// From `name=value` words, each name any number of times.
  static Scope of(String what, Role role, List<String> words) {
    List<VendorId> vendors = new ArrayList<>();
    List<ClassId> classes = new ArrayList<>();
    List<ComponentId> images = new ArrayList<>();
    List<Bytes> deployments = new ArrayList<>();
    Optional<Scope.Range> sequences = Optional.empty();
    for (String word : words) {
      int equals = word.indexOf('=');
      String name = equals < 0 ? word : word.substring(0, equals).strip();
      String value = equals < 0 ? "" : word.substring(equals + 1).strip();
      if (value.isEmpty()) {
        throw Failure.usage("%s is made of %s; '%s' is none of them".formatted(what, FORM, word));
      }
      requireMeaning(what, role, name);
      switch (name) {
        case "vendor" -> vendors.add(Identity.vendor(value));
        case "class" -> classes.add(deviceClass(what, vendors, value));
        case "deployment" -> deployments.add(Identity.deployment(what, value).bytes());
        case "image" -> images.add(component(Places.parse(what, value)));
        case "sequence" -> sequences = Optional.of(range(what, value));
        default ->
            throw Failure.usage(
                "%s is made of %s; '%s' is none of them".formatted(what, FORM, name));
      }
    }
    return new Scope(vendors, classes, images, deployments, sequences, List.of());
  }

  /// A limit that a role's word cannot be held against is never passed over by a device: the key
  /// could not speak for anything.
  private static void requireMeaning(String what, Role role, String name) {
    List<String> meant =
        switch (role) {
          case ROOT, RELEASE -> List.of("vendor", "class", "image", "sequence");
          case APPROVE -> List.of("vendor", "class", "deployment", "image", "sequence");
          case FRESHNESS, OPERATE -> List.of("vendor", "class", "deployment");
        };
    boolean isKnown = List.of("vendor", "class", "deployment", "image", "sequence").contains(name);
    if (isKnown && !meant.contains(name)) {
      throw Failure.usage(
          "%s: a key of the role %s is limited by %s; with %s it could speak for nothing"
              .formatted(what, role, String.join(", ", meant), name));
    }
  }

  private static ClassId deviceClass(String what, List<VendorId> vendors, String value) {
    if (Identity.isUuid(value)) {
      return ClassId.parse(value);
    }
    if (vendors.isEmpty()) {
      throw Failure.usage("%s: a class by its name needs its vendor before it".formatted(what));
    }
    return ClassId.of(vendors.getLast(), value);
  }

  static Scope.Range range(String what, String text) {
    int dash = text.indexOf('-');
    if (dash < 0) {
      throw Failure.usage("%s: a range is like 1:1-1:99, is '%s'".formatted(what, text));
    }
    SequenceNumber first = Sequences.parse(what, text.substring(0, dash));
    SequenceNumber last = Sequences.parse(what, text.substring(dash + 1));
    if (first.compareTo(last) > 0) {
      throw Failure.usage("%s: a range from %s to %s".formatted(what, first, last));
    }
    return new Scope.Range(first, last);
  }

  static String words(Scope scope) {
    List<String> words = new ArrayList<>();
    scope.vendors().forEach(id -> words.add("vendor " + id));
    scope.classes().forEach(id -> words.add("class " + id));
    scope.componentPrefixes().forEach(id -> words.add(words(id)));
    scope.deployments().forEach(id -> words.add("deployment " + new DeploymentId(id)));
    scope
        .sequences()
        .ifPresent(range -> words.add("sequences %s to %s".formatted(range.first(), range.last())));
    scope.uriPrefixes().forEach(uri -> words.add("URIs under " + uri));
    return words.isEmpty() ? "everything" : String.join(", ", words);
  }

  /// As the manifest names the place: its image, and behind it its slot.
  private static ComponentId component(Place place) {
    Bytes image = Bytes.ofInts(place.image());
    return ComponentId.of(place.slot().map(slot -> image.plus(Bytes.ofInts(slot))).orElse(image));
  }

  private static String words(ComponentId id) {
    Bytes segment = id.path().stream().findFirst().orElse(Bytes.EMPTY);
    return switch (segment.size()) {
      case 1 -> Place.ofImage(segment.at(0)).toString();
      case 2 -> Place.ofSlot(segment.at(0), segment.at(1)).toString();
      default -> "component " + segment;
    };
  }
}
