// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;

/// The next thing to do in an update.
public sealed interface Step {
  /// Send the permit bundle; the device decides.
  record SendBundle() implements Step {}

  /// Send the block table that the accepted permit names for an image.
  record SendTable(int image) implements Step {}

  /// Send the bytes of the image with this digest.
  record SendImage(Bytes hash) implements Step {}

  /// Ask that the staged image with this digest boots next, on trial.
  record MarkTest(Bytes hash) implements Step {}

  /// Ask for a reset into the bootloader.
  record Reset() implements Step {}

  /// The device has been asked to reset and has not done so yet.
  record AwaitBoot() implements Step {}

  /// It runs on trial and keeps itself, once its self-test has passed.
  record AwaitTrial() implements Step {}

  /// Confirm the image on trial with this digest.
  record Confirm(Bytes hash) implements Step {}

  /// The device is as wanted.
  record Finished() implements Step {}

  /// It cannot go on; `reason` says why, for a person.
  record Stop(String reason) implements Step {}
}
