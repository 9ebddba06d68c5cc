// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import java.util.ArrayList;
import java.util.List;

/// Asks of one boot what becomes of the device if the power fails during it: at every operation in
/// turn, followed by one boot without a cut.
public final class PowerCuts {
  private PowerCuts() {}

  /// The boot without a cut, and for each cut how the boot after it ended.
  public record Sweep(Ending uncut, List<CutEnding> cuts) {
    public Sweep {
      cuts = List.copyOf(cuts);
    }

    /// Those that leave the flash otherwise than the boot without a cut, in whatever byte.
    public List<CutEnding> different() {
      return cuts.stream()
          .filter(cut -> !cut.next().flashSha256().equals(uncut.flashSha256()))
          .toList();
    }
  }

  /// A boot that ran to its end: how, with how many operations, and what the flash is then.
  public record Ending(BootResult result, FlashUse use, Bytes flashSha256) {}

  /// A cut, what the bootloader had taken up when it came, and the boot after it.
  public record CutEnding(PowerCut cut, BootResult interrupted, Ending next) {}

  /// Cuts the boot of a device in state `start` at every operation, each at that moment.
  public static Sweep everyCut(BootConfig config, FlashSnapshot start, PowerCut.Moment moment) {
    Bootloader bootloader = new Bootloader(config);
    Flash flash = new Flash(config.flash());
    flash.restore(start);
    Ending uncut = bootToEnd(bootloader, flash);
    List<CutEnding> cuts = new ArrayList<>();
    for (int operation = 0; operation < uncut.use().operations(); operation++) {
      PowerCut cut = new PowerCut(operation, moment);
      flash.restore(start);
      flash.powerUpUntil(cut);
      BootResult interrupted = bootloader.boot(flash);
      cuts.add(new CutEnding(cut, interrupted, bootToEnd(bootloader, flash)));
    }
    return new Sweep(uncut, cuts);
  }

  private static Ending bootToEnd(Bootloader bootloader, Flash flash) {
    flash.powerUp();
    BootResult result = bootloader.boot(flash);
    return new Ending(result, flash.use(), flash.sha256());
  }
}
