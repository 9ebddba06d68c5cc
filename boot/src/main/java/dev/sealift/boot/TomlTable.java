// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.MalformedException;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.dataformat.toml.TomlMapper;

/// A table of a TOML file, read key by key. What is missing, of another type, out of range or left
/// over at the end is a fault that names the key by its path from the top; a fault of the notation
/// names the line, which the parser knows only of these.
public final class TomlTable {
  /// Such files are written by hand; a wrong path to something large ends here.
  static final int CHARS_MAX = 64 << 10;

  private static final Pattern SIZE = Pattern.compile("([0-9]{1,9}) ?(B|KiB|MiB)");

  private final ObjectNode node;
  private final String path;
  private final Set<String> asked = new LinkedHashSet<>();

  private TomlTable(ObjectNode node, String path) {
    this.node = node;
    this.path = path;
  }

  public static TomlTable read(String text) throws MalformedException {
    if (text.length() > CHARS_MAX) {
      throw new MalformedException(
          "%d characters, at most %d are read".formatted(text.length(), CHARS_MAX), 0);
    }
    try {
      return new TomlTable((ObjectNode) new TomlMapper().readTree(text), "");
    } catch (JacksonException e) {
      String where =
          e.getLocation() == null
              ? ""
              : "line %d, column %d: "
                  .formatted(e.getLocation().getLineNr(), e.getLocation().getColumnNr());
      String what = String.valueOf(e.getOriginalMessage());
      throw new MalformedException(
          where + what.substring(0, 1).toLowerCase(Locale.ROOT) + what.substring(1), 0, e);
    }
  }

  public boolean has(String key) {
    asked.add(key);
    return node.has(key);
  }

  public String pathOf(String key) {
    return path + key;
  }

  public MalformedException fault(String key, String what) {
    return new MalformedException(pathOf(key) + ": " + what, 0);
  }

  private JsonNode required(String key) throws MalformedException {
    if (!has(key)) {
      throw fault(key, "missing");
    }
    return node.get(key);
  }

  private MalformedException wrongType(String key, String wanted, JsonNode found) {
    return fault(key, "must be %s, is %s".formatted(wanted, words(found)));
  }

  private static String words(JsonNode found) {
    if (found.isObject()) {
      return "a table";
    }
    return found.isArray() ? "a list" : found.toString();
  }

  public String text(String key) throws MalformedException {
    JsonNode found = required(key);
    if (!found.isString() || found.stringValue().isBlank()) {
      throw wrongType(key, "a text", found);
    }
    return found.stringValue();
  }

  public Optional<String> optionalText(String key) throws MalformedException {
    return has(key) ? Optional.of(text(key)) : Optional.empty();
  }

  public List<String> texts(String key) throws MalformedException {
    List<String> found = new ArrayList<>();
    if (has(key)) {
      JsonNode list = node.get(key);
      if (!list.isArray()) {
        throw wrongType(key, "a list of texts", list);
      }
      for (JsonNode item : list) {
        if (!item.isString()) {
          throw wrongType(key, "a list of texts", item);
        }
        found.add(item.stringValue());
      }
    }
    return found;
  }

  int number(String key, int min, int max) throws MalformedException {
    JsonNode found = required(key);
    return inRange(key, whole(found), min, max, "a number", found);
  }

  int number(String key, int min, int max, int otherwise) throws MalformedException {
    return has(key) ? number(key, min, max) : otherwise;
  }

  private static OptionalLong whole(JsonNode found) {
    return found.isIntegralNumber() && found.canConvertToLong()
        ? OptionalLong.of(found.longValue())
        : OptionalLong.empty();
  }

  private int inRange(
      String key, OptionalLong value, long min, int max, String wanted, JsonNode found)
      throws MalformedException {
    if (value.isEmpty() || value.getAsLong() < min || value.getAsLong() > max) {
      throw wrongType(key, "%s from %d to %d".formatted(wanted, min, max), found);
    }
    return (int) value.getAsLong();
  }

  /// Bytes as a number, or as people write them: `"480 KiB"`.
  int size(String key) throws MalformedException {
    JsonNode found = required(key);
    OptionalLong bytes = found.isString() ? bytes(found.stringValue()) : whole(found);
    return inRange(
        key, bytes, 1, Integer.MAX_VALUE, "a size in bytes, or like \"480 KiB\",", found);
  }

  private static OptionalLong bytes(String text) {
    Matcher size = SIZE.matcher(text);
    if (!size.matches()) {
      return OptionalLong.empty();
    }
    int shift =
        switch (size.group(2)) {
          case "KiB" -> 10;
          case "MiB" -> 20;
          default -> 0;
        };
    return OptionalLong.of(Long.parseLong(size.group(1)) << shift);
  }

  /// Microseconds, fractions allowed, as nanoseconds; zero where nothing is said.
  long micros(String key) throws MalformedException {
    if (!has(key)) {
      return 0;
    }
    JsonNode found = node.get(key);
    long max = FlashTimings.NANOS_MAX / 1000;
    // Not as an exact number: a hostile exponent would take forever.
    double micros = found.isNumber() ? found.doubleValue(Double.NaN) : Double.NaN;
    if (!(micros >= 0 && micros <= max)) {
      throw wrongType(key, "microseconds from 0 to %d".formatted(max), found);
    }
    return BigDecimal.valueOf(micros).movePointRight(3).longValue();
  }

  /// A constant of an enum by its words: `WHOLE_SLOT` is `"whole-slot"`.
  <E extends Enum<E>> E choice(String key, Class<E> type, E otherwise) throws MalformedException {
    return has(key) ? choice(key, type) : otherwise;
  }

  <E extends Enum<E>> E choice(String key, Class<E> type) throws MalformedException {
    String word = text(key);
    List<E> all = List.of(type.getEnumConstants());
    Optional<E> chosen = all.stream().filter(each -> word(each).equals(word)).findFirst();
    if (chosen.isEmpty()) {
      throw fault(
          key,
          "must be one of %s, is \"%s\""
              .formatted(String.join(", ", all.stream().map(TomlTable::word).toList()), word));
    }
    return chosen.get();
  }

  static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /// An area of addresses: a table of `start` and `size`.
  FlashArea area(String key) throws MalformedException {
    TomlTable area = table(key);
    int start = area.number("start", 0, Integer.MAX_VALUE);
    int size = area.size("size");
    area.nothingElse();
    if (start > Integer.MAX_VALUE - size) {
      throw fault(key, "ends behind all addresses");
    }
    return new FlashArea(start, size);
  }

  TomlTable table(String key) throws MalformedException {
    return asTable(key, required(key));
  }

  /// An empty one where there is none: everything in it is left at its default.
  TomlTable optionalTable(String key) throws MalformedException {
    return has(key)
        ? table(key)
        : new TomlTable(JsonNodeFactory.instance.objectNode(), pathOf(key) + ".");
  }

  public List<TomlTable> tables(String key) throws MalformedException {
    JsonNode found = required(key);
    if (!found.isArray() || found.isEmpty()) {
      throw wrongType(key, "one [[%s]] or more".formatted(pathOf(key)), found);
    }
    List<TomlTable> tables = new ArrayList<>();
    for (int i = 0; i < found.size(); i++) {
      tables.add(asTable("%s[%d]".formatted(key, i), found.get(i)));
    }
    return tables;
  }

  private TomlTable asTable(String key, JsonNode found) throws MalformedException {
    if (!(found instanceof ObjectNode table)) {
      throw wrongType(key, "a table", found);
    }
    return new TomlTable(table, pathOf(key) + ".");
  }

  /// Every key has been asked for; any other is a typing error, or of another version.
  public void nothingElse() throws MalformedException {
    for (String key : node.propertyNames()) {
      if (!asked.contains(key)) {
        Stream<String> known = asked.stream().sorted();
        throw fault(key, "unknown; there are here: " + String.join(", ", known.toList()));
      }
    }
  }
}
