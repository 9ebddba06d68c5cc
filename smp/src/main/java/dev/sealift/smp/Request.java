// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.Optional;

/// What is asked of a device. A request knows its command, its fields in the order in which they
/// are written, and how to read its answer.
public interface Request<R extends Reply> {
  CommandKey command();

  /// Nothing, unless the command has arguments.
  default CborMap fields() {
    return CborMap.EMPTY;
  }

  /// Reads the fields of a successful answer.
  R reply(CborFields answer) throws MalformedException;

  /// Why the device refuses, if this answer says so.
  default Optional<Answer.Reason> refusal(CborMap answer) throws MalformedException {
    return Answer.reason(answer);
  }

  /// How to wait for the answer.
  default Patience patience() {
    return Patience.SHORT;
  }
}
