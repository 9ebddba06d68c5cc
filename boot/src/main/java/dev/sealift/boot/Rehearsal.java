// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.SecurityCounter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Asks a bootloader what it would do with an image before it is sent: installs it on a flash of
/// its own and boots. So it is the bootloader's own answer, with its rules in its order; only other
/// images of the device, which the image may depend on, are not there.
public final class Rehearsal {
  private final BootConfig config;
  private final Bytes candidate;
  private final Bytes running;
  private final SecurityCounter counter;

  /// What would come of it.
  public sealed interface Verdict {
    /// The image starts; bringing it over takes that of the flash.
    record Taken(FlashUse use) implements Verdict {}

    /// It does not: a word for machines, a sentence for people.
    record Refused(String code, String why) implements Verdict {}
  }

  private Rehearsal(BootConfig config, Bytes candidate, Bytes running, SecurityCounter counter) {
    this.config = config;
    this.candidate = candidate;
    this.running = running;
    this.counter = counter;
  }

  /// Of image `number`, on a device that runs `installed` and remembers `counter`. Without an
  /// installed image nothing is older than what runs.
  public static Verdict of(
      BootConfig config,
      int number,
      Bytes candidate,
      Optional<Bytes> installed,
      SecurityCounter counter) {
    return new Rehearsal(config.alone(number), candidate, installed.orElse(candidate), counter)
        .verdict();
  }

  private Verdict verdict() {
    if (!config.slotsCompatible()) {
      return new Verdict.Refused(
          "slots-differ", "its slots are of sizes between which no image can be brought over");
    }
    for (Slot slot : slots()) {
      int room = config.area(slot).size() - (slot == Slot.SECONDARY ? config.uploadOffset() : 0);
      if (candidate.size() > room) {
        return new Verdict.Refused(
            "too-large-for-slot",
            "the file has %d bytes, the slot room for %d".formatted(candidate.size(), room));
      }
    }
    if (running.size() > config.primary().size()) {
      throw new IllegalArgumentException("the installed image is larger than its slot");
    }
    return switch (config.mode()) {
      case Mode.Swap _, Mode.Overwrite _ -> updated();
      case Mode.DirectXip _ -> {
        // Built for one of the two addresses: the other slot does not speak against it.
        Verdict second = started(Slot.SECONDARY);
        yield second instanceof Verdict.Taken ? second : either(second, started(Slot.PRIMARY));
      }
      case Mode.RamLoad _ -> started(Slot.SECONDARY);
      case Mode.SingleSlot _ -> started(Slot.PRIMARY);
    };
  }

  private static Verdict either(Verdict second, Verdict first) {
    return first instanceof Verdict.Taken ? first : second;
  }

  private List<Slot> slots() {
    return config.mode() instanceof Mode.SingleSlot
        ? List.of(Slot.PRIMARY)
        : List.of(Slot.SECONDARY);
  }

  private Flash flash() {
    Flash flash = new Flash(config.flash());
    if (counter.compareTo(SecurityCounter.ZERO) > 0) {
      flash.raiseSecurityCounter(counter);
    }
    return flash;
  }

  private Verdict updated() {
    Flash flash = flash();
    flash.lay(config.primary().start(), running);
    flash.lay(config.secondary().start() + config.uploadOffset(), candidate);
    new ImageMarks(config).test(flash);
    flash.powerUp();
    BootResult result = new Bootloader(config).boot(flash);
    if (result.refused().isPresent()) {
      return refused(result.refused().get());
    }
    return verdict(result, flash);
  }

  private Verdict started(Slot slot) {
    Flash flash = flash();
    flash.lay(config.area(slot).start(), candidate);
    if (!(config.mode() instanceof Mode.SingleSlot)) {
      new ImageMarks(config).choose(flash, slot, ImageMarks.Stay.FOR_GOOD);
    }
    flash.powerUp();
    return verdict(new Bootloader(config).boot(flash), flash);
  }

  private static Verdict verdict(BootResult result, Flash flash) {
    return switch (result.outcome()) {
      case BootOutcome.Booted _ -> new Verdict.Taken(flash.use());
      case BootOutcome.Refused(var refusal) -> refused(refusal);
      case BootOutcome.Halted(var why) ->
          new Verdict.Refused("halted", "the bootloader would stop: " + why);
      case BootOutcome.PowerLost() ->
          throw new IllegalStateException("the power failed where nothing cuts it");
    };
  }

  private static Verdict refused(ImageRefusal refusal) {
    return new Verdict.Refused(
        refusal.name().toLowerCase(Locale.ROOT).replace('_', '-'), refusal.words());
  }
}
