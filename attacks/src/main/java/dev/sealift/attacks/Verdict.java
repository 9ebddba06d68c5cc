// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import java.util.List;

/// What an attack's runs say of the promise that it tests.
public sealed interface Verdict {
  /// The device stops it, every guard of the row stops it alone, and without them it succeeds.
  record Held() implements Verdict {
    @Override
    public String words() {
      return "held";
    }
  }

  /// The promise is broken; `findings` say where.
  record Broken(List<String> findings) implements Verdict {
    public Broken {
      findings = List.copyOf(findings);
    }

    @Override
    public String words() {
      return "broken: " + String.join("; ", findings);
    }
  }

  /// The attack did not succeed with its guards left out: it has tested nothing.
  record Untested(String why) implements Verdict {
    @Override
    public String words() {
      return "untested: " + why;
    }
  }

  String words();
}
