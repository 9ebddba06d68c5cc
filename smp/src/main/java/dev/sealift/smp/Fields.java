// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/// The shapes that recur in the fields of SMP: lists of texts, numbers and maps, and things by
/// name.
final class Fields {
  /// Reads one element that is a map.
  interface ElementReader<T> {
    T read(CborFields in) throws MalformedException;
  }

  private Fields() {}

  static List<String> texts(CborFields in, String key) throws MalformedException {
    List<String> texts = new ArrayList<>();
    for (CborItem item : in.list(key)) {
      texts.add(CborFields.expect(item, CborText.class, key).value());
    }
    return texts;
  }

  static CborList texts(List<String> texts) {
    return new CborList(texts.stream().<CborItem>map(CborText::new).toList());
  }

  static List<Long> numberList(CborFields in, String key) throws MalformedException {
    List<Long> numbers = new ArrayList<>();
    for (CborItem item : in.list(key)) {
      numbers.add(number(item, key));
    }
    return numbers;
  }

  static CborList numberList(List<Long> numbers) {
    return new CborList(numbers.stream().<CborItem>map(CborInt::of).toList());
  }

  static <T> List<T> list(CborFields in, String key, ElementReader<T> reader)
      throws MalformedException {
    List<T> elements = new ArrayList<>();
    for (CborItem item : in.list(key)) {
      elements.add(reader.read(CborFields.of(item, key)));
    }
    return elements;
  }

  /// None where the key is missing.
  static <T> List<T> optionalList(CborFields in, String key, ElementReader<T> reader)
      throws MalformedException {
    return in.map().get(key).isEmpty() ? List.of() : list(in, key, reader);
  }

  static <T> CborList list(List<T> elements, Function<T, CborMap> fields) {
    return new CborList(elements.stream().<CborItem>map(fields).toList());
  }

  static Map<String, Long> numbers(CborFields in, String key) throws MalformedException {
    Map<String, Long> numbers = new LinkedHashMap<>();
    for (var entry : in.required(new CborText(key), CborMap.class).entries().entrySet()) {
      numbers.put(name(entry.getKey(), key), number(entry.getValue(), key));
    }
    return numbers;
  }

  static CborMap numbers(Map<String, Long> numbers) {
    CborMap.Builder out = CborMap.builder();
    numbers.forEach(out::put);
    return out.build();
  }

  static <T> Map<String, T> byName(CborFields in, String key, ElementReader<T> reader)
      throws MalformedException {
    return byName(in.required(new CborText(key), CborMap.class), key, reader);
  }

  static <T> Map<String, T> byName(CborMap map, String what, ElementReader<T> reader)
      throws MalformedException {
    Map<String, T> elements = new LinkedHashMap<>();
    for (var entry : map.entries().entrySet()) {
      elements.put(name(entry.getKey(), what), reader.read(CborFields.of(entry.getValue(), what)));
    }
    return elements;
  }

  static <T> CborMap byName(Map<String, T> elements, Function<T, CborMap> fields) {
    CborMap.Builder out = CborMap.builder();
    elements.forEach((name, element) -> out.put(name, fields.apply(element)));
    return out.build();
  }

  /// A copy that keeps the order.
  static <T> Map<String, T> ordered(Map<String, T> map) {
    return Collections.unmodifiableMap(new LinkedHashMap<>(map));
  }

  static CborMap without(CborMap map, String... keys) {
    Map<CborItem, CborItem> rest = new LinkedHashMap<>(map.entries());
    for (String key : keys) {
      rest.remove(new CborText(key));
    }
    return new CborMap(rest);
  }

  private static String name(CborItem key, String what) throws MalformedException {
    return CborFields.expect(key, CborText.class, "a name in " + what).value();
  }

  private static long number(CborItem item, String what) throws MalformedException {
    return CborFields.toLong(CborFields.expect(item, CborInt.class, what), what);
  }
}
