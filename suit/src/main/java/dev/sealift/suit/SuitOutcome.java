// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

/// What a judgement gave: the thing judged good, or the refusal.
public sealed interface SuitOutcome<T> {
  record Accepted<T>(T value) implements SuitOutcome<T> {}

  record Refused<T>(SuitRefusal refusal) implements SuitOutcome<T> {}
}
