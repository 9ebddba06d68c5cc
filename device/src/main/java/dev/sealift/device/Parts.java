// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.bytes.Bytes;
import java.util.Optional;

/// Something that comes in parts, in order, up to a stated length. As with uploads, a part for
/// another offset changes nothing and hears the offset that is due.
record Parts(Bytes content, long length) {
  static final Parts NONE = new Parts(Bytes.EMPTY, 0);

  /// With one more part; empty when it cannot be: no length at the start, too long, past the end.
  Optional<Parts> with(long offset, Bytes data, Optional<Long> announced, long lengthMax) {
    if (offset == 0) {
      return announced
          .filter(total -> total > 0 && total <= lengthMax && data.size() <= total)
          .map(total -> new Parts(data, total));
    }
    if (offset != content.size() || data.isEmpty()) {
      return Optional.of(this);
    }
    return content.size() + data.size() > length
        ? Optional.empty()
        : Optional.of(new Parts(content.plus(data), length));
  }

  long offset() {
    return content.size();
  }

  /// All of it, once it is there.
  Optional<Bytes> whole() {
    return length > 0 && content.size() == length ? Optional.of(content) : Optional.empty();
  }
}
