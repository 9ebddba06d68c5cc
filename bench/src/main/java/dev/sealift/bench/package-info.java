// SPDX-License-Identifier: Apache-2.0

/// Measurements. A time alone says more about the machine than about the program, so each stands
/// beside a yardstick: plain work that nobody could do without, measured in turns with the subject.
/// The ratio of both is what may be compared between machines and between versions.
///
/// ```
/// Subject     = name, what, aim, work, Yardstick
/// Task        = prepare (not timed), run (timed)
/// Subjects    : the list of what is measured
///
/// Harness(clock).measure(Subject, Budget) to Measurement
/// Measurement = Subject, Figures of the work, Figures of the yardstick, ratio of the medians
/// Figures     = median, p90, number of samples
/// ```
@NullMarked
package dev.sealift.bench;

import org.jspecify.annotations.NullMarked;
