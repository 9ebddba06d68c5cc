// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.bytes.Bytes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The properties of one interface of an object. One that is not there, or is of another type than
/// BlueZ documents, is nothing.
record Fields(Map<String, Object> values) {
  static final Fields NONE = new Fields(Map.of());

  Fields {
    values = Map.copyOf(values);
  }

  /// From a dictionary as it came in a message.
  static Fields of(Object dictionary) {
    Map<String, Object> values = new HashMap<>();
    if (dictionary instanceof Map<?, ?> map) {
      map.forEach((name, value) -> values.put(name.toString(), value));
    }
    return new Fields(values);
  }

  Fields with(Fields changed, List<?> gone) {
    Map<String, Object> all = new HashMap<>(values);
    all.putAll(changed.values());
    gone.forEach(name -> all.remove(name.toString()));
    return new Fields(all);
  }

  Optional<String> text(String name) {
    return Optional.ofNullable(values.get(name))
        .filter(String.class::isInstance)
        .map(String.class::cast);
  }

  Optional<Long> number(String name) {
    return Optional.ofNullable(values.get(name))
        .filter(Long.class::isInstance)
        .map(Long.class::cast);
  }

  /// A flag that is not there does not hold.
  boolean is(String name) {
    return Boolean.TRUE.equals(values.get(name));
  }

  boolean has(String name) {
    return values.containsKey(name);
  }

  List<String> texts(String name) {
    return values.get(name) instanceof List<?> list
        ? list.stream().map(Object::toString).toList()
        : List.of();
  }

  Optional<Bytes> bytes(String name) {
    return switch (values.get(name)) {
      case Bytes bytes -> Optional.of(bytes);
      // No bytes at all do not tell that they would have been bytes.
      case List<?> list when list.isEmpty() -> Optional.of(Bytes.EMPTY);
      case null, default -> Optional.empty();
    };
  }
}
