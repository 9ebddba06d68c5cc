// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;

/// What is asked of a device. A request knows its command, its fields in the order in which they
/// are written, and how to read its answer.
public interface Request<R extends Reply> {
  Command command();

  CborMap fields();

  /// Reads the fields of a successful answer.
  R reply(CborFields answer) throws MalformedException;
}
