// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.LinkId;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Things that come in parts, one for each link, so that nobody can spoil what another is bringing.
/// The link that was silent longest makes room.
final class Inboxes {
  static final int LINKS_MAX = 4;

  private final LinkedHashMap<LinkId, Parts> parts = new LinkedHashMap<>(8, 0.75f, true);

  /// What a part made of what the link has brought so far.
  sealed interface Progress {
    /// The offset that is due.
    record More(long offset) implements Progress {}

    record Whole(Bytes content) implements Progress {}

    /// It cannot be: no length at the start, too long, past the end.
    record Impossible() implements Progress {}
  }

  Progress take(LinkId link, long offset, Bytes data, Optional<Long> announced, long lengthMax) {
    Parts before = parts.getOrDefault(link, Parts.NONE);
    Optional<Parts> next = before.with(offset, data, announced, lengthMax);
    if (next.isEmpty()) {
      parts.remove(link);
      return new Progress.Impossible();
    }
    Optional<Bytes> whole = next.get().whole();
    if (whole.isPresent()) {
      parts.remove(link);
      return new Progress.Whole(whole.get());
    }
    parts.put(link, next.get());
    if (parts.size() > LINKS_MAX) {
      Map.Entry<LinkId, Parts> oldest = parts.entrySet().iterator().next();
      parts.remove(oldest.getKey());
    }
    return new Progress.More(next.get().offset());
  }
}
