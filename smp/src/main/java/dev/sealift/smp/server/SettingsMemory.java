// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The settings of a device: roots that something on it has registered, the values in memory, and
/// those that a restart finds again.
public final class SettingsMemory {
  private final Set<String> roots;
  private final Map<String, Bytes> values = new LinkedHashMap<>();
  private final Map<String, Bytes> saved = new LinkedHashMap<>();

  public SettingsMemory(Set<String> roots) {
    this.roots = Set.copyOf(roots);
  }

  boolean hasRootOf(String name) {
    int slash = name.indexOf('/');
    return roots.contains(slash < 0 ? name : name.substring(0, slash));
  }

  Optional<Bytes> value(String name) {
    return Optional.ofNullable(values.get(name));
  }

  int size() {
    return values.size();
  }

  public void set(String name, Bytes value) {
    values.put(name, value);
  }

  void delete(String name) {
    values.remove(name);
    saved.remove(name);
  }

  /// All values, or those of one name and what is below it.
  public void save(Optional<String> below) {
    if (below.isEmpty()) {
      saved.clear();
      saved.putAll(values);
      return;
    }
    String name = below.get();
    values.forEach(
        (key, value) -> {
          if (key.equals(name) || key.startsWith(name + "/")) {
            saved.put(key, value);
          }
        });
  }

  /// What was saved, and nothing else: as after a restart.
  public void load() {
    values.clear();
    values.putAll(saved);
  }
}
