// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;

/// Reads the fields of a request that came in as the record of its command.
@FunctionalInterface
public interface RequestReader {
  Request<?> read(CborFields in) throws MalformedException;
}
