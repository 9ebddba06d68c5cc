// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.testkit.Vectors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// The model against the recorded boots of the real code: every field, every byte of flash, every
/// operation where it was recorded. Prints what was compared, by mode and category.
class BootVectorTest {
  private static final String RESULT_LETTERS =
      "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

  private static Recorded recorded;

  @BeforeAll
  static void read() throws MalformedException {
    recorded = new Recorded(Vectors.of("boot"));
  }

  @FunctionalInterface
  private interface Comparison {
    List<String> differences(BootConfig config, CborFields recording) throws MalformedException;
  }

  @Test
  void trailer_fields_are_where_the_real_code_has_them() throws MalformedException {
    Tally tally = new Tally();
    for (Recorded.Device device : recorded.devices().values()) {
      tally.compared(device.mode(), "geometry", device.name(), geometryDifferences(device));
    }
    judge(tally, "trailer geometry");
  }

  private static List<String> geometryDifferences(Recorded.Device device)
      throws MalformedException {
    BootConfig config = recorded.config(device);
    CborFields geometry = CborFields.of(device.fields().required(new CborText("geometry")), "");
    List<String> differences = new ArrayList<>();
    note(
        differences,
        "trailer",
        geometry.integer("trailer_size"),
        TrailerLayout.trailerSize(config));
    note(differences, "status", geometry.integer("status_size"), TrailerLayout.statusSize(config));
    // The real code computes these after it counted the sectors, and cannot where they are too
    // many.
    if (geometry.optionalInteger("read_sectors_rc").orElse(0L) == 0) {
      Optional<Boolean> compatible = geometry.optionalBool("slots_compatible");
      if (compatible.isPresent()) {
        note(differences, "slots", compatible.get(), config.slotsCompatible());
      }
      note(
          differences,
          "image",
          geometry.integer("max_image_size"),
          config.imageSizeMax(0, Slot.PRIMARY));
    }
    Map<String, FlashArea> areas = new LinkedHashMap<>();
    areas.put("primary", config.primary());
    areas.put("secondary", config.secondary());
    config.scratch().ifPresent(area -> areas.put("scratch", area));
    for (var entry : areas.entrySet()) {
      String name = entry.getKey();
      CborFields offsets = CborFields.of(geometry.required(new CborText(name)), name);
      TrailerLayout layout = TrailerLayout.of(config, entry.getValue());
      note(differences, name + " magic", offsets.integer("magic"), layout.magic());
      note(differences, name + " image_ok", offsets.integer("image_ok"), layout.imageOk());
      note(differences, name + " copy_done", offsets.integer("copy_done"), layout.copyDone());
      note(differences, name + " swap_info", offsets.integer("swap_info"), layout.swapInfo());
      note(differences, name + " swap_size", offsets.integer("swap_size"), layout.swapSize());
      note(differences, name + " status", offsets.integer("status"), layout.status());
    }
    return differences;
  }

  @Test
  void steps_end_as_recorded() throws MalformedException {
    Tally tally = new Tally();
    compareAll(tally, "vectors.json", "vectors", BootVectorTest::stepDifferences);
    compareAll(tally, "chains.json", "vectors", BootVectorTest::stepDifferences);
    judge(tally, "step vectors and chains");
  }

  private static List<String> stepDifferences(BootConfig config, CborFields vector)
      throws MalformedException {
    return replaySteps(replay(config, recorded.start(config, vector), vector), vector);
  }

  private static Replay replay(BootConfig config, Flash flash, CborFields recording)
      throws MalformedException {
    return new Replay(
        recorded,
        config,
        flash,
        recording.optionalInteger("counter").isPresent()
            ? Replay.CounterStays.YES
            : Replay.CounterStays.NO);
  }

  private static List<String> replaySteps(Replay replay, CborFields vector)
      throws MalformedException {
    int number = 0;
    for (CborItem item : vector.list("steps")) {
      CborFields step = CborFields.of(item, "step");
      List<String> differences = expected(replay, step, replay.step(step));
      if (!differences.isEmpty()) {
        return List.of("step " + number + " " + differences);
      }
      number++;
    }
    return List.of();
  }

  /// What differs from a step's or a boot's expectation and from its trace, where it has one.
  private static List<String> expected(Replay replay, CborFields step, Map<String, String> seen)
      throws MalformedException {
    List<String> differences =
        new ArrayList<>(replay.differences(step.required(new CborText("expect")), seen));
    Optional<CborItem> trace = step.item(new CborText("trace"));
    if (trace.isPresent()) {
      replay.difference("trace", trace.get(), seen).ifPresent(differences::add);
    }
    return differences;
  }

  /// A crash is the only recorded end that the model does not share: it stops.
  @Test
  void where_the_model_is_stricter_the_case_is_listed_with_its_reason()
      throws MalformedException, IOException {
    Set<String> crashed = new TreeSet<>();
    for (String file : List.of("vectors.json", "chains.json")) {
      for (CborFields vector : recorded.entries(file, "vectors")) {
        for (CborItem item : vector.list("steps")) {
          Optional<CborMap> expected = Recorded.optionalMap(CborFields.of(item, "step"), "expect");
          if (expected.isPresent()
              && CborFields.of(expected.get(), "expect")
                  .optionalText("outcome")
                  .equals(Optional.of("crash"))) {
            crashed.add(vector.text("name"));
          }
        }
      }
    }
    Set<String> listed = new TreeSet<>();
    for (String line : stricter().lines().toList()) {
      if (!line.startsWith("#")) {
        String[] parts = line.split(": ", 2);
        assertThat(parts).as(line).hasSize(2);
        listed.add(parts[0]);
      }
    }
    System.out.printf("stricter than the real code: %d cases, all crashes of it%n", crashed.size());
    if (System.getProperty("sealift.vectors.boot", "").isEmpty()) {
      assertThat(crashed).isEqualTo(listed);
    }
  }

  private static String stricter() throws IOException {
    try (InputStream in = BootVectorTest.class.getResourceAsStream("stricter.txt")) {
      return new String(Objects.requireNonNull(in).readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void a_power_cut_at_every_operation_ends_as_recorded() throws MalformedException {
    Tally tally = new Tally();
    compareAll(tally, "sweeps.json", "sweeps", BootVectorTest::sweepDifferences);
    judge(tally, "sweeps");
  }

  private static List<String> sweepDifferences(BootConfig config, CborFields sweep)
      throws MalformedException {
    Flash flash = recorded.start(config, sweep);
    Replay replay = replay(config, flash, sweep);
    List<String> differences = new ArrayList<>(replaySteps(replay, sweep));
    FlashSnapshot before = flash.snapshot();
    CborFields uncut = CborFields.of(sweep.required(new CborText("uncut")), "uncut");
    differences.addAll(expected(replay, uncut, replay.boot(Optional.empty())));
    note(differences, "operations", uncut.integer("operations"), flash.use().operations());
    List<CborItem> results = sweep.list("results");
    Set<String> images = imageNames(sweep);
    for (PowerCut.Moment moment : List.of(PowerCut.Moment.BEFORE, PowerCut.Moment.HALFWAY)) {
      List<CborItem> rows =
          Recorded.listOrEmpty(sweep, moment == PowerCut.Moment.BEFORE ? "clean" : "half");
      for (int operation = 0; operation < rows.size(); operation++) {
        flash.restore(before);
        List<CborItem> row = CborFields.expect(rows.get(operation), CborList.class, "row").items();
        Map<String, String> cut = replay.boot(Optional.of(new PowerCut(operation, moment)));
        List<CborItem> seen = new ArrayList<>();
        seen.add(row.get(0));
        String sha = Recorded.sha16(flash);
        Optional<String> counter = Optional.ofNullable(cut.get("counter"));
        Map<String, String> again = replay.boot(Optional.empty());
        seen.add(
            new CborText(
                config.mode() instanceof Mode.DirectXip
                    ? "--"
                    : letter(cut, "after") + letter(again, "taken")));
        seen.add(CborInt.of(flash.use().writes()));
        seen.add(CborInt.of(flash.use().erases()));
        seen.add(new CborText(sha));
        if (row.size() > seen.size()) {
          seen.add(CborInt.of(Long.parseLong(counter.orElseThrow())));
        }
        String where = moment + " " + operation;
        note(differences, where, row, seen);
        endDifferences(
                results.get(Recorded.integer(row.get(0))), again, replay, flash, config, images)
            .forEach(difference -> differences.add(where + " ends with " + difference));
      }
    }
    return differences;
  }

  @Test
  void two_power_cuts_end_as_recorded() throws MalformedException {
    Tally tally = new Tally();
    compareAll(tally, "pairs.json", "pairs", BootVectorTest::pairDifferences);
    judge(tally, "pairs");
  }

  private static List<String> pairDifferences(BootConfig config, CborFields pairs)
      throws MalformedException {
    Flash flash = recorded.start(config, pairs);
    Replay replay = replay(config, flash, pairs);
    List<String> differences = new ArrayList<>(replaySteps(replay, pairs));
    FlashSnapshot before = flash.snapshot();
    CborFields uncut = CborFields.of(pairs.required(new CborText("uncut")), "uncut");
    differences.addAll(expected(replay, uncut, replay.boot(Optional.empty())));
    List<PowerCut.Moment> moments = new ArrayList<>();
    for (CborItem half : pairs.list("half")) {
      moments.add(
          half.equals(new CborBool(true)) ? PowerCut.Moment.HALFWAY : PowerCut.Moment.BEFORE);
    }
    List<CborItem> results = pairs.list("results");
    Set<String> images = imageNames(pairs);
    List<CborItem> rows = pairs.list("rows");
    for (int first = 0; first < rows.size(); first++) {
      flash.restore(before);
      replay.boot(Optional.of(new PowerCut(first, moments.get(0))));
      FlashSnapshot between = flash.snapshot();
      String letters = Recorded.text(rows.get(first));
      replay.boot(Optional.empty());
      note(differences, "row " + first, letters.length(), flash.use().operations());
      for (int second = 0; second < letters.length(); second++) {
        flash.restore(between);
        replay.boot(Optional.of(new PowerCut(second, moments.get(1))));
        Map<String, String> last = replay.boot(Optional.empty());
        CborItem result = results.get(RESULT_LETTERS.indexOf(letters.charAt(second)));
        String where = first + "," + second;
        endDifferences(result, last, replay, flash, config, images)
            .forEach(difference -> differences.add(where + " ends with " + difference));
      }
    }
    return differences;
  }

  @Test
  void every_trailer_is_decided_as_recorded() throws MalformedException {
    Tally tally = new Tally();
    compareAll(tally, "tables.json", "tables", BootVectorTest::tableDifferences);
    judge(tally, "tables");
  }

  private static List<String> tableDifferences(BootConfig config, CborFields table)
      throws MalformedException {
    List<String> differences = new ArrayList<>();
    Flash flash = recorded.start(config, table);
    FlashSnapshot start = flash.snapshot();
    Replay replay = replay(config, flash, table);
    String deed = table.text("do");
    List<List<CborFields>> axes = new ArrayList<>();
    int combinations = 1;
    for (CborItem item : table.list("axes")) {
      List<CborFields> values = new ArrayList<>();
      for (CborItem value : CborFields.of(item, "axis").list("values")) {
        values.add(CborFields.of(value, "value"));
      }
      axes.add(values);
      combinations *= values.size();
    }
    for (int row = 0; row < combinations; row++) {
      flash.restore(start);
      int rest = combinations;
      int index = row;
      for (List<CborFields> values : axes) {
        rest /= values.size();
        recorded.lay(flash, values.get(index / rest).list("pieces"));
        index %= rest;
      }
      if (deed.equals("swap-type")) {
        String letter =
            letter(Map.of("", Replay.word(new ImageMarks(config).requested(flash))), "");
        note(differences, "row " + row, table.text("types").substring(row, row + 1), letter);
      } else {
        Map<String, String> seen = replay.act(deed, Optional.empty());
        String[] parts = Recorded.text(table.list("rows").get(row)).split(" ", -1);
        note(differences, "row " + row, parts[1], Recorded.sha16(flash));
        for (String difference :
            replay.differences(table.list("results").get(Integer.parseInt(parts[0])), seen)) {
          differences.add("row " + row + " " + difference);
        }
      }
    }
    return differences;
  }

  /// The end state, and the images that lie where an image may begin.
  private static List<String> endDifferences(
      CborItem result,
      Map<String, String> seen,
      Replay replay,
      Flash flash,
      BootConfig config,
      Set<String> images)
      throws MalformedException {
    List<String> differences = new ArrayList<>(replay.differences(result, seen));
    List<CborItem> holds = new ArrayList<>();
    holds.add(held(flash, config.primary(), 0, images));
    holds.add(held(flash, config.secondary(), 0, images));
    if (config.uploadOffset() > 0) {
      holds.add(held(flash, config.secondary(), config.uploadOffset(), images));
    }
    note(differences, "holds", CborFields.of(result, "result").list("holds"), holds);
    return differences;
  }

  private static CborItem held(Flash flash, FlashArea area, int offset, Set<String> images)
      throws MalformedException {
    for (String name : images) {
      Bytes image = recorded.image(name);
      if (image.size() <= area.size() - offset
          && flash.read(area.start() + offset, image.size()).equals(image)) {
        return new CborText(name);
      }
    }
    return new CborNull();
  }

  private static Set<String> imageNames(CborFields recording) throws MalformedException {
    Set<String> names = new LinkedHashSet<>();
    List<CborItem> pieces = new ArrayList<>(recording.list("start"));
    pieces.addAll(recording.list("steps"));
    for (CborItem piece : pieces) {
      CborFields.of(piece, "piece").optionalText("image").ifPresent(names::add);
    }
    return names;
  }

  private static String letter(Map<String, String> seen, String field) {
    return seen.getOrDefault(field, "-").substring(0, 1);
  }

  private static void note(List<String> differences, String what, Object recorded, Object seen) {
    if (!recorded.toString().equals(seen.toString())) {
      differences.add(what + ": recorded " + recorded + ", seen " + seen);
    }
  }

  private static void compareAll(Tally tally, String file, String list, Comparison comparison)
      throws MalformedException {
    // Each recording has a flash of its own, so all cores take part; the tally keeps their order.
    recorded.entries(file, list).parallelStream()
        .map(recording -> Compared.of(recording, comparison))
        .toList()
        .forEach(one -> tally.compared(one.mode(), one.category(), one.name(), one.differences()));
  }

  private record Compared(String mode, String category, String name, List<String> differences) {
    static Compared of(CborFields recording, Comparison comparison) {
      try {
        Recorded.Device device = recorded.device(recording.text("device"));
        return new Compared(
            device.mode(),
            recording.text("category"),
            recording.text("name"),
            comparison.differences(recorded.config(device), recording));
      } catch (MalformedException e) {
        throw new IllegalStateException(e);
      }
    }
  }

  private static void judge(Tally tally, String title) {
    System.out.println(tally.table(title));
    assertThat(tally.differences()).isEmpty();
  }
}
