// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

/// The next thing to do in an update.
public sealed interface Step {
  /// Send the permit bundle; the device decides.
  record SendBundle() implements Step {}

  /// Send the block table that the accepted permit names.
  record SendTable() implements Step {}

  /// Send image bytes.
  record SendImage() implements Step {}

  /// Ask that the staged image boots next, on trial.
  record MarkTest() implements Step {}

  /// Ask for a reset into the bootloader.
  record Reset() implements Step {}

  /// The device has been asked to reset and has not done so yet.
  record AwaitBoot() implements Step {}

  /// Confirm the image on trial.
  record Confirm() implements Step {}

  /// The device is as wanted.
  record Finished() implements Step {}

  /// It cannot go on; `reason` says why, for a person.
  record Stop(String reason) implements Step {}
}
