// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.util.concurrent.Callable;

/// One command that does something: carries itself out and has its outcome shown.
abstract class Verb implements Callable<Integer> {
  private final Console console;

  Verb(Console console) {
    this.console = console;
  }

  abstract Outcome carryOut();

  /// Declares what it can be given, beside what is annotated for picocli.
  void declare(Options options) {}

  Console console() {
    return console;
  }

  @Override
  public final Integer call() {
    Outcome outcome = carryOut();
    console.end(outcome);
    return outcome.exit().code();
  }
}
