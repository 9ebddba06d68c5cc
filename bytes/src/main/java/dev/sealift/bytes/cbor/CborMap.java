// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import dev.sealift.bytes.Bytes;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A map. It remembers the order of its keys for writing; two maps with the same entries are equal
/// whatever the order.
public record CborMap(Map<CborItem, CborItem> entries) implements CborItem {
  public static final CborMap EMPTY = new CborMap(Map.of());

  public CborMap {
    entries = Collections.unmodifiableMap(new LinkedHashMap<>(entries));
  }

  public static Builder builder() {
    return new Builder();
  }

  public int size() {
    return entries.size();
  }

  public Optional<CborItem> get(CborItem key) {
    return Optional.ofNullable(entries.get(key));
  }

  public Optional<CborItem> get(String key) {
    return get(new CborText(key));
  }

  public Optional<CborItem> get(long key) {
    return get(CborInt.of(key));
  }

  /// Collects entries in the order in which they will be written.
  public static final class Builder {
    private final Map<CborItem, CborItem> entries = new LinkedHashMap<>();

    private Builder() {}

    public Builder put(CborItem key, CborItem value) {
      if (entries.put(key, value) != null) {
        throw new IllegalArgumentException("key twice: " + key);
      }
      return this;
    }

    public Builder put(long key, CborItem value) {
      return put(CborInt.of(key), value);
    }

    public Builder put(long key, long value) {
      return put(key, CborInt.of(value));
    }

    public Builder put(long key, Bytes value) {
      return put(key, new CborBytes(value));
    }

    public Builder put(String key, CborItem value) {
      return put(new CborText(key), value);
    }

    public Builder put(String key, long value) {
      return put(key, CborInt.of(value));
    }

    public Builder put(String key, String value) {
      return put(key, new CborText(value));
    }

    public Builder put(String key, Bytes value) {
      return put(key, new CborBytes(value));
    }

    public Builder put(String key, boolean value) {
      return put(key, new CborBool(value));
    }

    public CborMap build() {
      return new CborMap(entries);
    }
  }
}
