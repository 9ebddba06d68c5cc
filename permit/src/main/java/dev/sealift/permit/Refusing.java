// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import java.io.Serial;

/// Ends a check with its refusal; never leaves the room.
final class Refusing extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private final transient Verdict.Refuse refuse;

  Refusing(Verdict.Refuse refuse) {
    super(refuse.detail(), null, false, false);
    this.refuse = refuse;
  }

  Refusing(Refusal refusal, String detail) {
    this(new Verdict.Refuse(refusal, detail));
  }

  Verdict.Refuse refuse() {
    return refuse;
  }
}
