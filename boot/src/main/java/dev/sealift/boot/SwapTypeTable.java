// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.util.List;
import java.util.Optional;

/// What the two trailers ask for. The first row that matches decides, so the secondary slot always
/// comes before the primary one; where no row matches, nothing is asked for. A field that is not in
/// a row plays no part in it, and a bad mark is neither good nor unset.
///
/// Offset mode has a row of its own before the others: a revert that began marks the secondary slot
/// with copy_done, so that it is not taken for a new request after a power cut.
///
/// The table is no statement about a swap in progress: how that is found, see [Interrupted].
final class SwapTypeTable {
  private static final Optional<Mark> GOOD = Optional.of(Mark.GOOD);
  private static final Optional<Mark> UNSET = Optional.of(Mark.UNSET);
  private static final Optional<Mark> ANY = Optional.empty();

  private static final Row OFFSET_REVERT =
      new Row(primary(ANY, ANY, ANY), secondary(GOOD, GOOD, UNSET), SwapType.REVERT);

  private static final List<Row> ROWS =
      List.of(
          //              magic copy_done image_ok  magic copy_done image_ok
          new Row(primary(ANY, ANY, ANY), secondary(GOOD, ANY, UNSET), SwapType.TEST),
          new Row(primary(ANY, ANY, ANY), secondary(GOOD, ANY, GOOD), SwapType.PERM),
          new Row(primary(GOOD, GOOD, UNSET), secondary(ANY, ANY, ANY), SwapType.REVERT));

  private SwapTypeTable() {}

  static SwapType decide(Mode mode, TrailerState primary, TrailerState secondary) {
    if (mode instanceof Mode.SwapOffset && OFFSET_REVERT.matches(primary, secondary)) {
      return OFFSET_REVERT.type;
    }
    for (Row row : ROWS) {
      if (row.matches(primary, secondary)) {
        return row.type;
      }
    }
    return SwapType.NONE;
  }

  static SwapType decide(Flash flash, BootConfig config, int image) {
    return decide(
        config.mode(),
        new Trailer(flash, config, config.area(image, Slot.PRIMARY)).read(),
        new Trailer(flash, config, config.area(image, Slot.SECONDARY)).read());
  }

  private record Row(Fields primary, Fields secondary, SwapType type) {
    boolean matches(TrailerState inPrimary, TrailerState inSecondary) {
      return primary.match(inPrimary) && secondary.match(inSecondary);
    }
  }

  private static Fields primary(
      Optional<Mark> magic, Optional<Mark> copyDone, Optional<Mark> imageOk) {
    return new Fields(magic, copyDone, imageOk);
  }

  private static Fields secondary(
      Optional<Mark> magic, Optional<Mark> copyDone, Optional<Mark> imageOk) {
    return new Fields(magic, copyDone, imageOk);
  }

  private record Fields(Optional<Mark> magic, Optional<Mark> copyDone, Optional<Mark> imageOk) {
    boolean match(TrailerState trailer) {
      return fits(magic, trailer.magic())
          && fits(copyDone, trailer.copyDone())
          && fits(imageOk, trailer.imageOk());
    }

    private static boolean fits(Optional<Mark> wanted, Mark found) {
      return wanted.isEmpty() || wanted.get() == found;
    }
  }
}
