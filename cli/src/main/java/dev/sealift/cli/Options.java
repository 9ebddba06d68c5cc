// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/// The options and operands of a verb, each declared once: [PlainLine] fills them in, [WholeLine]
/// explains them.
final class Options {
  /// Whether a line without it is wrong.
  enum Need {
    OPTIONAL,
    REQUIRED
  }

  /// Where it goes when it is given.
  sealed interface Into {
    record Flag(Runnable raise) implements Into {}

    record Once(Consumer<String> put) implements Into {}

    /// As often as it is given.
    record Each(Consumer<String> add) implements Into {}
  }

  /// An option by its names, the dashes included.
  record Named(List<String> names, String label, String description, Need need, Into into) {}

  /// An operand, told by its place on the line.
  record Operand(String label, String description, Need need, Into into) {}

  private final List<Named> named = new ArrayList<>();
  private final List<Operand> operands = new ArrayList<>();

  List<Named> named() {
    return named;
  }

  /// In the order of the line; one that takes each is the last.
  List<Operand> operands() {
    return operands;
  }

  /// `names` as in `-S --slot-size`.
  void flag(String names, String description, Runnable raise) {
    add(names, "", description, Need.OPTIONAL, new Into.Flag(raise));
  }

  void value(String names, String label, String description, Consumer<String> put) {
    add(names, label, description, Need.OPTIONAL, new Into.Once(put));
  }

  void required(String names, String label, String description, Consumer<String> put) {
    add(names, label, description, Need.REQUIRED, new Into.Once(put));
  }

  void values(String names, String label, String description, Consumer<String> add) {
    add(names, label, description, Need.OPTIONAL, new Into.Each(add));
  }

  void operand(String label, String description, Consumer<String> put) {
    operands.add(new Operand(label, description, Need.REQUIRED, new Into.Once(put)));
  }

  void optionalOperand(String label, String description, Consumer<String> put) {
    operands.add(new Operand(label, description, Need.OPTIONAL, new Into.Once(put)));
  }

  /// At least one.
  void operands(String label, String description, Consumer<String> add) {
    operands.add(new Operand(label, description, Need.REQUIRED, new Into.Each(add)));
  }

  private void add(String names, String label, String description, Need need, Into into) {
    named.add(new Named(List.of(names.split(" ")), label, description, need, into));
  }
}
