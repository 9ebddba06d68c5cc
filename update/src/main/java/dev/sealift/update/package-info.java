// SPDX-License-Identifier: Apache-2.0

/// One device's update. [Plan][dev.sealift.update.Plan] is a pure function from what is wanted and
/// what is known to the next step; [Updater][dev.sealift.update.Updater] carries the steps out and
/// asks the device again after each, so that an update can be taken up at any point.
///
/// ```
/// SendBundle -> SendTable -> SendImage -> MarkTest -> Reset -> (AwaitBoot) -> Confirm -> Finished
/// ```
@NullMarked
package dev.sealift.update;

import org.jspecify.annotations.NullMarked;
