// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads the fields of a map by key, each with its type: a missing or wrong one is a
/// [MalformedException] that names it. `what` is the word for the whole, as in "manifest".
public final class CborFields {
  private final CborMap map;
  private final String what;

  private CborFields(CborMap map, String what) {
    this.map = map;
    this.what = what;
  }

  public static CborFields of(CborItem item, String what) throws MalformedException {
    return new CborFields(expect(item, CborMap.class, what), what);
  }

  /// `item` as `type`, or a refusal that says what was found instead.
  public static <T extends CborItem> T expect(CborItem item, Class<T> type, String what)
      throws MalformedException {
    if (type.isInstance(item)) {
      return type.cast(item);
    }
    throw new MalformedException(
        "%s is a %s, expected %s".formatted(what, item.kind(), word(type)), 0);
  }

  public CborMap map() {
    return map;
  }

  public Optional<CborItem> item(CborItem key) {
    return map.get(key);
  }

  public CborItem required(CborItem key) throws MalformedException {
    Optional<CborItem> item = map.get(key);
    if (item.isEmpty()) {
      throw new MalformedException(name(key) + " is missing", 0);
    }
    return item.get();
  }

  public <T extends CborItem> T required(CborItem key, Class<T> type) throws MalformedException {
    return expect(required(key), type, name(key));
  }

  public <T extends CborItem> Optional<T> optional(CborItem key, Class<T> type)
      throws MalformedException {
    Optional<CborItem> item = map.get(key);
    return item.isEmpty() ? Optional.empty() : Optional.of(expect(item.get(), type, name(key)));
  }

  // Integer keys, as signed objects have them.

  public Bytes bytes(long key) throws MalformedException {
    return required(CborInt.of(key), CborBytes.class).value();
  }

  public Optional<Bytes> optionalBytes(long key) throws MalformedException {
    return optional(CborInt.of(key), CborBytes.class).map(CborBytes::value);
  }

  public long integer(long key) throws MalformedException {
    return toLong(required(CborInt.of(key), CborInt.class), name(CborInt.of(key)));
  }

  public List<CborItem> list(long key) throws MalformedException {
    return required(CborInt.of(key), CborList.class).items();
  }

  // Text keys, as SMP has them.

  public Bytes bytes(String key) throws MalformedException {
    return required(new CborText(key), CborBytes.class).value();
  }

  public Optional<Bytes> optionalBytes(String key) throws MalformedException {
    return optional(new CborText(key), CborBytes.class).map(CborBytes::value);
  }

  /// Exactly `size` bytes.
  public Bytes bytes(String key, int size) throws MalformedException {
    return ofSize(size, bytes(key), key);
  }

  public Optional<Bytes> optionalBytes(String key, int size) throws MalformedException {
    Optional<Bytes> bytes = optionalBytes(key);
    return bytes.isEmpty() ? bytes : Optional.of(ofSize(size, bytes.get(), key));
  }

  private Bytes ofSize(int size, Bytes bytes, String key) throws MalformedException {
    if (bytes.size() != size) {
      throw new MalformedException(
          "%s has %d bytes, expected %d".formatted(name(new CborText(key)), bytes.size(), size), 0);
    }
    return bytes;
  }

  public String text(String key) throws MalformedException {
    return required(new CborText(key), CborText.class).value();
  }

  public Optional<String> optionalText(String key) throws MalformedException {
    return optional(new CborText(key), CborText.class).map(CborText::value);
  }

  public long integer(String key) throws MalformedException {
    return toLong(required(new CborText(key), CborInt.class), name(new CborText(key)));
  }

  public Optional<Long> optionalInteger(String key) throws MalformedException {
    Optional<CborInt> item = optional(new CborText(key), CborInt.class);
    return item.isEmpty()
        ? Optional.empty()
        : Optional.of(toLong(item.get(), name(new CborText(key))));
  }

  /// An integer that counts something: never below zero.
  public long unsigned(String key) throws MalformedException {
    return notNegative(integer(key), key);
  }

  public Optional<Long> optionalUnsigned(String key) throws MalformedException {
    Optional<Long> number = optionalInteger(key);
    return number.isEmpty() ? number : Optional.of(notNegative(number.get(), key));
  }

  /// A number from 0 to `max`.
  public int number(String key, int max) throws MalformedException {
    return upTo(max, unsigned(key), key);
  }

  public Optional<Integer> optionalNumber(String key, int max) throws MalformedException {
    Optional<Long> number = optionalUnsigned(key);
    return number.isEmpty() ? Optional.empty() : Optional.of(upTo(max, number.get(), key));
  }

  private int upTo(int max, long number, String key) throws MalformedException {
    if (number > max) {
      throw new MalformedException(
          "%s is %d, the most is %d".formatted(name(new CborText(key)), number, max), 0);
    }
    return (int) number;
  }

  private long notNegative(long number, String key) throws MalformedException {
    if (number < 0) {
      throw new MalformedException(
          "%s is below zero: %d".formatted(name(new CborText(key)), number), 0);
    }
    return number;
  }

  public Optional<Boolean> optionalBool(String key) throws MalformedException {
    return optional(new CborText(key), CborBool.class).map(CborBool::value);
  }

  public List<CborItem> list(String key) throws MalformedException {
    return required(new CborText(key), CborList.class).items();
  }

  /// Refuses keys that are not in `known`: signed objects say nothing we do not understand.
  public void onlyKeys(long... known) throws MalformedException {
    List<CborItem> allowed = new ArrayList<>();
    for (long key : known) {
      allowed.add(CborInt.of(key));
    }
    for (CborItem key : map.entries().keySet()) {
      if (!allowed.contains(key)) {
        throw new MalformedException(name(key) + " is not known here", 0);
      }
    }
  }

  public static long toLong(CborInt number, String what) throws MalformedException {
    if (!number.isLong()) {
      throw new MalformedException(what + " is beyond 64 bits signed: " + number.value(), 0);
    }
    return number.toLong();
  }

  private static String word(Class<? extends CborItem> type) {
    return type.getSimpleName().substring("Cbor".length()).toLowerCase(Locale.ROOT);
  }

  private String name(CborItem key) {
    return what
        + " field "
        + switch (key) {
          case CborInt number -> number.value().toString();
          case CborText(var text) -> text;
          default -> key.kind();
        };
  }
}
