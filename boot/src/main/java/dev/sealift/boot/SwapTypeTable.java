// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import java.util.List;
import java.util.Optional;

/// What the two trailers ask for. The first row that matches decides, so the secondary slot always
/// comes before the primary one; where no row matches, nothing is asked for. A field that is not in
/// a row plays no part in it, and a bad mark is neither good nor unset.
///
/// The table is no statement about a swap in progress: how that is found, see [MoveSwap].
final class SwapTypeTable {
  private static final Optional<Mark> GOOD = Optional.of(Mark.GOOD);
  private static final Optional<Mark> UNSET = Optional.of(Mark.UNSET);
  private static final Optional<Mark> ANY = Optional.empty();

  private static final List<Row> ROWS =
      List.of(
          //              magic copy_done image_ok       magic image_ok
          new Row(primary(ANY, ANY, ANY), secondary(GOOD, UNSET), SwapType.TEST),
          new Row(primary(ANY, ANY, ANY), secondary(GOOD, GOOD), SwapType.PERM),
          new Row(primary(GOOD, GOOD, UNSET), secondary(ANY, ANY), SwapType.REVERT));

  private SwapTypeTable() {}

  static SwapType decide(TrailerState primary, TrailerState secondary) {
    for (Row row : ROWS) {
      if (row.matches(primary, secondary)) {
        return row.type;
      }
    }
    return SwapType.NONE;
  }

  static SwapType decide(Flash flash, DeviceProfile profile) {
    return decide(
        new Trailer(flash, profile, Slot.PRIMARY).read(),
        new Trailer(flash, profile, Slot.SECONDARY).read());
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

  private static Fields secondary(Optional<Mark> magic, Optional<Mark> imageOk) {
    return new Fields(magic, ANY, imageOk);
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
