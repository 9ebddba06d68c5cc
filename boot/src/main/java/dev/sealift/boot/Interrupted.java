// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// What the trailers say about a swap that the power cut short.
sealed interface Interrupted {
  record No() implements Interrupted {}

  /// The trailers were prepared and nothing was moved yet; `info` is the code of the swap type that
  /// was meant.
  record Prepared(int info) implements Interrupted {}

  /// `entries` status entries were written.
  record Underway(int info, int entries) implements Interrupted {}

  /// As found in one trailer.
  static Interrupted in(Trailer trailer, int entries) {
    int info = trailer.resumptionInfo();
    return entries == 0 ? new Prepared(info) : new Underway(info, entries);
  }

  default int done() {
    return this instanceof Underway(_, int entries) ? entries : 0;
  }
}
