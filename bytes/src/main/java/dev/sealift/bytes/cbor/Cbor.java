// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import com.upokecenter.cbor.CBOREncodeOptions;
import com.upokecenter.cbor.CBORException;
import com.upokecenter.cbor.CBORObject;
import com.upokecenter.numbers.EInteger;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// The only class that knows the CBOR library: bytes to [CborItem] through a strict or a lenient
/// door, and back.
public final class Cbor {
  /// Deeper nesting is refused at both doors. SUIT needs nine levels, SMP six.
  public static final int DEPTH_MAX = 32;

  private static final CBOREncodeOptions DECODE =
      new CBOREncodeOptions("keepkeyorder=true;allowduplicatekeys=false;resolvereferences=false");

  /// Keys stay in our order; strings and lengths in their shortest, definite form.
  private static final CBOREncodeOptions ENCODE =
      new CBOREncodeOptions("keepkeyorder=true;useindeflengthstrings=false");

  private static final Bytes BREAK = Bytes.ofInts(0xff);

  private Cbor() {}

  /// Takes only the deterministic encoding (RFC 8949, 4.2.1): what comes in must be exactly what
  /// [#deterministic] would write for its value.
  public static CborItem strict(Bytes bytes) throws MalformedException {
    CborItem item = lenient(bytes);
    if (!deterministic(item).equals(bytes)) {
      throw new MalformedException("CBOR not in its deterministic encoding", 0);
    }
    return item;
  }

  /// Takes any well-formed encoding of exactly one item.
  public static CborItem lenient(Bytes bytes) throws MalformedException {
    try {
      return fromLibrary(CBORObject.DecodeFromBytes(bytes.toArray(), DECODE), 0);
    } catch (CBORException e) {
      throw new MalformedException("no CBOR: " + e.getMessage(), 0, e);
    }
  }

  /// Takes the first item and tells how many bytes it took; what follows is the caller's.
  public static Prefix lenientPrefix(Bytes bytes) throws MalformedException {
    var in = new java.io.ByteArrayInputStream(bytes.toArray());
    try {
      CborItem item = fromLibrary(CBORObject.Read(in, DECODE), 0);
      return new Prefix(item, bytes.size() - in.available());
    } catch (CBORException e) {
      throw new MalformedException("no CBOR: " + e.getMessage(), 0, e);
    }
  }

  /// An item and the number of bytes it took.
  public record Prefix(CborItem item, int size) {}

  /// Shortest heads, definite lengths, keys in the order the map remembers.
  public static Bytes encode(CborItem item) {
    return Bytes.owning(toLibrary(item).EncodeToBytes(ENCODE));
  }

  /// The deterministic encoding: as [#encode], with the keys of all maps in bytewise order.
  public static Bytes deterministic(CborItem item) {
    return encode(sorted(item));
  }

  /// Maps and arrays of indefinite length, as SMP servers write them because they do not know the
  /// number of entries beforehand.
  public static Bytes indefinite(CborItem item) {
    return switch (item) {
      case CborMap(var entries) -> {
        Bytes out = Bytes.ofInts(0xbf);
        for (var entry : entries.entrySet()) {
          out = Bytes.concat(out, encode(entry.getKey()), indefinite(entry.getValue()));
        }
        yield out.plus(BREAK);
      }
      case CborList(var items) -> {
        Bytes out = Bytes.ofInts(0x9f);
        for (CborItem element : items) {
          out = out.plus(indefinite(element));
        }
        yield out.plus(BREAK);
      }
      case CborTag _, CborInt _, CborBytes _, CborText _, CborBool _, CborNull _, CborFloat _ ->
          encode(item);
    };
  }

  private static CborItem sorted(CborItem item) {
    return switch (item) {
      case CborList(var items) -> new CborList(items.stream().map(Cbor::sorted).toList());
      case CborTag(var number, var inner) -> new CborTag(number, sorted(inner));
      case CborMap(var entries) -> {
        Map<Bytes, Map.Entry<CborItem, CborItem>> byKey = new java.util.TreeMap<>();
        entries.forEach(
            (key, value) -> {
              CborItem sortedKey = sorted(key);
              byKey.put(encode(sortedKey), Map.entry(sortedKey, sorted(value)));
            });
        Map<CborItem, CborItem> inOrder = new LinkedHashMap<>();
        byKey.values().forEach(entry -> inOrder.put(entry.getKey(), entry.getValue()));
        yield new CborMap(inOrder);
      }
      case CborInt _, CborBytes _, CborText _, CborBool _, CborNull _, CborFloat _ -> item;
    };
  }

  private static CborItem fromLibrary(CBORObject object, int depth) throws MalformedException {
    if (depth > DEPTH_MAX) {
      throw new MalformedException("CBOR nested deeper than " + DEPTH_MAX, 0);
    }
    if (object.isTagged()) {
      EInteger tag = object.getMostOuterTag();
      if (tag.GetUnsignedBitLengthAsInt64() > 63) {
        throw new MalformedException("CBOR tag beyond 2^63-1", 0);
      }
      long number = tag.ToInt64Checked();
      if (number == 2 || number == 3) {
        // The library folds big numbers; nothing that Sealift reads has any.
        throw new MalformedException("CBOR big number", 0);
      }
      return new CborTag(number, fromLibrary(object.UntagOne(), depth + 1));
    }
    return switch (object.getType()) {
      case Integer -> new CborInt(toBigInteger(object));
      case FloatingPoint -> new CborFloat(object.AsDoubleValue());
      case ByteString -> new CborBytes(Bytes.of(object.GetByteString()));
      case TextString -> new CborText(object.AsString());
      case Boolean -> new CborBool(object.AsBoolean());
      case Array -> {
        List<CborItem> items = new ArrayList<>(object.size());
        for (CBORObject element : object.getValues()) {
          items.add(fromLibrary(element, depth + 1));
        }
        yield new CborList(items);
      }
      case Map -> {
        Map<CborItem, CborItem> entries = new LinkedHashMap<>();
        for (var entry : object.getEntries()) {
          entries.put(
              fromLibrary(entry.getKey(), depth + 1), fromLibrary(entry.getValue(), depth + 1));
        }
        yield new CborMap(entries);
      }
      case SimpleValue -> {
        if (object.isNull() || object.isUndefined()) {
          yield new CborNull();
        }
        throw new MalformedException("CBOR simple value " + object.getSimpleValue(), 0);
      }
      default -> throw new MalformedException("CBOR type " + object.getType(), 0);
    };
  }

  private static BigInteger toBigInteger(CBORObject object) {
    return object.CanValueFitInInt64()
        ? BigInteger.valueOf(object.AsInt64Value())
        : new BigInteger(object.AsEIntegerValue().toString());
  }

  private static CBORObject toLibrary(CborItem item) {
    return switch (item) {
      case CborInt number ->
          number.isLong()
              ? CBORObject.FromObject(number.toLong())
              : CBORObject.FromObject(EInteger.FromString(number.value().toString()));
      case CborBytes(var bytes) -> CBORObject.FromObject(bytes.toArray());
      case CborText(var text) -> CBORObject.FromObject(text);
      case CborBool(var value) -> value ? CBORObject.True : CBORObject.False;
      case CborNull _ -> CBORObject.Null;
      case CborFloat(var value) -> CBORObject.FromObject(value);
      case CborTag(var number, var inner) ->
          CBORObject.FromObjectAndTag(toLibrary(inner), EInteger.FromInt64(number));
      case CborList(var items) -> {
        CBORObject array = CBORObject.NewArray();
        items.forEach(element -> array.Add(toLibrary(element)));
        yield array;
      }
      case CborMap(var entries) -> {
        CBORObject map = CBORObject.NewOrderedMap();
        entries.forEach((key, value) -> map.set(toLibrary(key), toLibrary(value)));
        yield map;
      }
    };
  }

  static CBORObject library(CborItem item) {
    return toLibrary(item);
  }

  static CborItem fromLibrary(CBORObject object) throws MalformedException {
    return fromLibrary(object, 0);
  }
}
