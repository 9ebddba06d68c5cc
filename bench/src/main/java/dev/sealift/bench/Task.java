// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import java.util.function.Supplier;

/// Work that can be done again and again. `run` is timed, `prepare` before it is not. What `run`
/// gives back must depend on all that it did, and it throws where it did not do what it should: a
/// refusal would be quick.
public record Task(Runnable prepare, Supplier<?> run) {
  static Task of(Supplier<?> run) {
    return new Task(() -> {}, run);
  }
}
