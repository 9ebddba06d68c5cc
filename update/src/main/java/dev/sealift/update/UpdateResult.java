// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.permit.Refusal;

/// How an update ended.
public sealed interface UpdateResult {
  /// The device is as wanted.
  record Reached() implements UpdateResult {}

  /// The device's agent refused, with its number; `detail` is its sentence where it gave one.
  record Refused(Step at, Refusal refusal, String detail) implements UpdateResult {}

  /// The device refused a command for a reason of the protocol.
  record Denied(Step at, String reason) implements UpdateResult {}

  /// It cannot go on.
  record Stopped(String reason) implements UpdateResult {}
}
