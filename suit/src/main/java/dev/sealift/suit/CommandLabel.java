// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

/// Labels of the commands whose argument is more than a reporting policy (IANA registry "SUIT
/// Commands"); the others are in [SuitCommand.Condition] and [SuitCommand.Directive].
final class CommandLabel {
  static final int SET_COMPONENT_INDEX = 12;
  static final int TRY_EACH = 15;
  static final int SET_PARAMETERS = 19;
  static final int OVERRIDE_PARAMETERS = 20;
  static final int RUN_SEQUENCE = 32;
  static final int OVERRIDE_MULTIPLE = 34;
  static final int COPY_PARAMETERS = 35;

  private CommandLabel() {}
}
