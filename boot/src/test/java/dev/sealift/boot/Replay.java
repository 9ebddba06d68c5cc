// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.ImageMarks.Stay;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.SecurityCounter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// One device with its flash, on which recorded steps are done and described in the recording's own
/// words.
final class Replay {
  /// Fields of an expectation that help a reader or are compared elsewhere.
  private static final Set<String> NOT_COMPARED = Set.of("log", "assert", "holds");

  private final Recorded recorded;
  private final BootConfig config;
  private final Bootloader bootloader;
  private final ImageMarks marks;
  private final Flash flash;
  private final CounterStays counterStays;

  /// Those of the last act. Few recordings have a trace to compare: they are put into words late.
  private final List<FlashOperation> operations = new ArrayList<>();

  /// A recording on a device with a counter that gives none for its start kept none between its
  /// steps: each began at 0, which its own numbers show.
  enum CounterStays {
    YES,
    NO
  }

  Replay(Recorded recorded, BootConfig config, Flash flash, CounterStays counterStays) {
    this.counterStays = counterStays;
    this.recorded = recorded;
    this.config = config;
    this.bootloader = new Bootloader(config);
    this.marks = new ImageMarks(config);
    this.flash = flash;
  }

  /// Does the step and describes it by the names of the README's fields.
  Map<String, String> step(CborFields step) throws MalformedException {
    flash.powerUp();
    if (counterStays == CounterStays.NO) {
      flash.restore(new FlashSnapshot(flash.snapshot().content(), SecurityCounter.ZERO));
    }
    switch (step.text("do")) {
      case "put" -> {
        flash.lay((int) step.integer("at"), recorded.piece(step));
        return Map.of();
      }
      case "erase" -> {
        flash.layErased(
            area(step.text("area")).start() + (int) step.integer("off"), (int) step.integer("len"));
        return Map.of();
      }
      default -> {
        return act(deed(step), cut(step));
      }
    }
  }

  private static String deed(CborFields step) throws MalformedException {
    String deed = step.text("do");
    if (!deed.equals("set-next")) {
      return deed;
    }
    boolean stays =
        step.optionalBool("active").orElse(false) || step.optionalBool("confirm").orElse(false);
    return deed + " " + step.text("slot") + (stays ? " for-good" : " trial");
  }

  private FlashArea area(String name) {
    return name.equals("scratch")
        ? config.scratch().orElseThrow()
        : config.area(Slot.valueOf(name.toUpperCase(Locale.ROOT)));
  }

  static Optional<PowerCut> cut(CborFields step) throws MalformedException {
    Optional<Long> cut = step.optionalInteger("cut");
    if (cut.isEmpty()) {
      return Optional.empty();
    }
    boolean half = step.optionalBool("half").orElse(false);
    return Optional.of(
        half ? PowerCut.halfway(cut.get().intValue()) : PowerCut.before(cut.get().intValue()));
  }

  Map<String, String> act(String deed, Optional<PowerCut> cut) {
    cut.ifPresentOrElse(flash::powerUpUntil, flash::powerUp);
    operations.clear();
    flash.observe(operations::add);
    Map<String, String> seen = new LinkedHashMap<>();
    SwapType before = marks.requested(flash);
    switch (deed) {
      case "boot" -> describeBoot(bootloader.boot(flash), before, seen);
      case "mark-test" -> describeMark(() -> marks.test(flash), seen);
      case "mark-permanent" -> describeMark(() -> marks.permanent(flash), seen);
      case "confirm" -> describeMark(() -> marks.confirm(flash), seen);
      case "set-next primary trial" ->
          describeMark(() -> marks.choose(flash, Slot.PRIMARY, Stay.TRIAL), seen);
      case "set-next primary for-good" ->
          describeMark(() -> marks.choose(flash, Slot.PRIMARY, Stay.FOR_GOOD), seen);
      case "set-next secondary trial" ->
          describeMark(() -> marks.choose(flash, Slot.SECONDARY, Stay.TRIAL), seen);
      case "set-next secondary for-good" ->
          describeMark(() -> marks.choose(flash, Slot.SECONDARY, Stay.FOR_GOOD), seen);
      default -> throw new IllegalStateException("step " + deed);
    }
    FlashUse use = flash.use();
    seen.put("after", word(marks.requested(flash)));
    seen.put("primary", letters(config.primary()));
    seen.put("secondary", letters(config.secondary()));
    config.scratch().ifPresent(area -> seen.put("scratch", letters(area)));
    seen.put("writes", Integer.toString(use.writes()));
    seen.put("erases", Integer.toString(use.erases()));
    seen.put("counter_updates", Integer.toString(use.counterRaises()));
    seen.put("counter", flash.securityCounter().toString());
    seen.put("flash_errors", Integer.toString(use.refusals()));
    return seen;
  }

  private static void describeBoot(BootResult result, SwapType before, Map<String, String> seen) {
    switch (result.outcome()) {
      case BootOutcome.Booted(var slot, var version) -> {
        seen.put("outcome", "ok");
        seen.put("slot", word(slot));
        seen.put("version", version.toString());
      }
      case BootOutcome.Refused _ -> seen.put("outcome", "refused");
      case BootOutcome.Halted _ -> seen.put("outcome", "assert");
      case BootOutcome.PowerLost _ -> seen.put("outcome", "power-cut");
    }
    seen.put("before", word(before));
    seen.put("taken", result.taken().map(Replay::word).orElse("undecided"));
  }

  private static void describeMark(
      java.util.function.Supplier<ImageMarks.Answer> mark, Map<String, String> seen) {
    try {
      ImageMarks.Answer answer = mark.get();
      seen.put("outcome", answer == ImageMarks.Answer.DONE ? "ok" : "error");
      seen.put("rc", Integer.toString(answer.code()));
    } catch (PowerCutException _) {
      seen.put("outcome", "power-cut");
    }
  }

  /// What is seen otherwise than recorded, one line each; empty when all is equal.
  List<String> differences(CborItem expectation, Map<String, String> seen)
      throws MalformedException {
    CborFields expected = CborFields.of(expectation, "expect");
    List<String> differences = new ArrayList<>();
    for (var entry : expected.map().entries().entrySet()) {
      String field = Recorded.text(entry.getKey());
      if (NOT_COMPARED.contains(field)) {
        continue;
      }
      difference(field, entry.getValue(), seen).ifPresent(differences::add);
    }
    if (expected.item(new CborText("flash_errors")).isEmpty()
        && expected.item(new CborText("writes")).isPresent()
        && !"0".equals(seen.get("flash_errors"))) {
      differences.add("flash_errors: recorded none, seen " + seen.get("flash_errors"));
    }
    return differences;
  }

  Optional<String> difference(String field, CborItem expected, Map<String, String> seen)
      throws MalformedException {
    String value = value(expected);
    // Listed in stricter.txt.
    if (field.equals("outcome") && value.equals("crash") && "assert".equals(seen.get("outcome"))) {
      return Optional.empty();
    }
    String found =
        switch (field) {
          case "sha" -> Recorded.sha(flash);
          case "trace" -> operations.stream().map(this::line).collect(Collectors.joining("\n"));
          default -> seen.getOrDefault(field, "nothing");
        };
    return value.equals(found)
        ? Optional.empty()
        : Optional.of(field + ": recorded " + value + ", seen " + found);
  }

  private static String value(CborItem item) throws MalformedException {
    return switch (item) {
      case CborInt number -> number.value().toString();
      case CborText(var text) -> text;
      default -> {
        List<String> lines = new ArrayList<>();
        for (CborItem line : CborFields.expect(item, CborList.class, "trace").items()) {
          lines.add(Recorded.text(line));
        }
        yield String.join("\n", lines);
      }
    };
  }

  Map<String, String> boot(Optional<PowerCut> cut) {
    return act("boot", cut);
  }

  static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private String letters(FlashArea area) {
    TrailerState trailer = new Trailer(flash, config, area).read();
    return ""
        + switch (trailer.magic()) {
          case GOOD -> 'g';
          case BAD -> 'b';
          case UNSET -> 'u';
        }
        + "0ntpr".charAt(trailer.swapInfo())
        + flag(trailer.copyDone())
        + flag(trailer.imageOk());
  }

  private static char flag(Mark mark) {
    return switch (mark) {
      case GOOD -> 's';
      case BAD -> 'b';
      case UNSET -> 'u';
    };
  }

  private String line(FlashOperation operation) {
    return switch (operation) {
      case FlashOperation.Programmed(_, Bytes data) when data.size() <= 32 ->
          call(operation) + " " + data.toHex();
      case FlashOperation.Cut(FlashOperation at) -> "cut " + call(at);
      default -> call(operation);
    };
  }

  private String call(FlashOperation operation) {
    return switch (operation) {
      case FlashOperation.Programmed(int address, Bytes data) ->
          "w %s %x".formatted(place(address), data.size());
      case FlashOperation.Erased(int address, int length) ->
          "e %s %x".formatted(place(address), length);
      case FlashOperation.CounterRaised(var value) -> "n " + value;
      case FlashOperation.Cut _ -> throw new IllegalStateException("a cut within a cut");
    };
  }

  private String place(int address) {
    for (String name : List.of("primary", "secondary", "scratch")) {
      if (!name.equals("scratch") || config.scratch().isPresent()) {
        FlashArea area = area(name);
        if (area.contains(address)) {
          String letter = name.equals("scratch") ? "c" : name.substring(0, 1);
          return "%s %x".formatted(letter, address - area.start());
        }
      }
    }
    throw new IllegalStateException("an operation outside the areas at " + address);
  }
}
