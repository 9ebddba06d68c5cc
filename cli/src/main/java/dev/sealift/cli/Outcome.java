// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import java.util.List;

/// What a command has to say at its end: lines for people, the same as JSON for machines, and the
/// exit code.
record Outcome(Exit exit, List<String> lines, CborMap json) {
  Outcome {
    lines = List.copyOf(lines);
  }

  static Outcome done(List<String> lines, CborMap json) {
    return new Outcome(Exit.DONE, lines, json);
  }

  static Outcome done(String line, CborMap json) {
    return done(List.of(line), json);
  }
}
