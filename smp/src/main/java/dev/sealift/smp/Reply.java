// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.cbor.CborMap;

/// What a device says when it does as asked.
public interface Reply {
  /// As it is written, without the `rc` of older servers.
  CborMap fields();

  /// An answer without content.
  record Nothing() implements Reply {
    @Override
    public CborMap fields() {
      return CborMap.EMPTY;
    }
  }
}
