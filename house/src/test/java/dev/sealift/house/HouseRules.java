// SPDX-License-Identifier: Apache-2.0
package dev.sealift.house;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;

/// The rules of the house as tables, and one function that holds a class against them.
final class HouseRules {
  /// A rule that was broken: by whom, how, and what to do instead.
  record Breach(String by, String how, String instead) {
    @Override
    public String toString() {
      return by + " " + how + "; instead: " + instead;
    }
  }

  /// What a room may use. The arrows of ARCHITECTURE.md; none runs back.
  static final Map<String, Set<String>> ARROWS =
      Map.ofEntries(
          Map.entry("bytes", Set.of()),
          Map.entry("testkit", Set.of("bytes")),
          Map.entry("image", Set.of("bytes")),
          Map.entry("imgtool", Set.of("image", "bytes")),
          Map.entry("boot", Set.of("image", "bytes")),
          Map.entry(
              "bench",
              Set.of(
                  "device",
                  "update",
                  "transport",
                  "smp",
                  "permit",
                  "suit",
                  "boot",
                  "image",
                  "bytes")),
          Map.entry("suit", Set.of("bytes")),
          Map.entry("keys", Set.of("image", "suit", "bytes")),
          Map.entry("permit", Set.of("suit", "image", "bytes")),
          Map.entry("smp", Set.of("bytes")),
          Map.entry("transport", Set.of("smp", "bytes")),
          Map.entry(
              "update", Set.of("transport", "permit", "boot", "image", "smp", "suit", "bytes")),
          Map.entry(
              "device",
              Set.of("boot", "permit", "smp", "transport", "update", "image", "suit", "bytes")),
          Map.entry(
              "attacks",
              Set.of(
                  "device",
                  "update",
                  "boot",
                  "permit",
                  "smp",
                  "transport",
                  "image",
                  "suit",
                  "bytes")),
          Map.entry(
              "cli",
              Set.of(
                  "attacks",
                  "bench",
                  "device",
                  "update",
                  "boot",
                  "permit",
                  "smp",
                  "transport",
                  "keys",
                  "imgtool",
                  "image",
                  "suit",
                  "bytes")));

  /// Rooms whose code knows no file, socket, clock or dice.
  static final Set<String> INNER = Set.of("bytes", "image", "boot", "suit", "permit", "smp");

  /// Rooms that may do I/O but take time and dice as arguments all the same.
  static final Set<String> TIMELESS = Set.of("imgtool", "keys", "update", "device", "attacks");

  private static final Map<String, String> CLOCKS_AND_DICE =
      Map.ofEntries(
          Map.entry("java/lang/System.currentTimeMillis", "take an InstantSource"),
          Map.entry("java/lang/System.nanoTime", "take a LongSupplier of nanoseconds"),
          Map.entry("java/time/Instant.now", "take an InstantSource"),
          Map.entry("java/time/LocalDate.now", "take an InstantSource"),
          Map.entry("java/time/LocalDateTime.now", "take an InstantSource"),
          Map.entry("java/time/ZonedDateTime.now", "take an InstantSource"),
          Map.entry("java/time/Clock.systemUTC", "take an InstantSource"),
          Map.entry("java/time/Clock.systemDefaultZone", "take an InstantSource"),
          Map.entry("java/time/InstantSource.system", "take the InstantSource from cli"),
          Map.entry("java/lang/Math.random", "take a RandomGenerator"),
          Map.entry("java/util/Random.<init>()V", "take a RandomGenerator"),
          Map.entry("java/util/SplittableRandom.<init>()V", "take a RandomGenerator"),
          Map.entry("java/util/concurrent/ThreadLocalRandom.current", "take a RandomGenerator"),
          // Only the one that seeds itself; a subclass that hands out given bytes rolls nothing.
          Map.entry("java/security/SecureRandom.<init>()V", "take the SecureRandom from cli"),
          Map.entry("java/util/UUID.randomUUID", "take a RandomGenerator"),
          Map.entry("java/lang/Thread.sleep", "wait on what you wait for, with a deadline"));

  private static final Map<String, String> SURROUNDINGS =
      Map.of(
          "java/lang/System.getenv", "take the value as an argument",
          "java/lang/System.getProperty", "take the value as an argument",
          "java/lang/System.exit", "return a value; only cli ends the process",
          "java/lang/System.out", "return a value; only cli prints",
          "java/lang/System.err", "return a value; only cli prints");

  private static final List<Pattern> IO_CLASSES =
      List.of(
          Pattern.compile("java/io/File(Input|Output)?(Stream)?"),
          Pattern.compile("java/io/(FileReader|FileWriter|RandomAccessFile|Console)"),
          Pattern.compile("java/nio/file/.*"),
          Pattern.compile("java/nio/channels/.*"),
          Pattern.compile("java/net/(?!URI|IDN).*"),
          Pattern.compile("java/lang/ProcessBuilder.*|java/lang/Runtime"),
          Pattern.compile("java/lang/Thread(\\$.*)?"),
          Pattern.compile("java/util/concurrent/(Executor.*|.*Pool.*)"));

  private static final Pattern NAMES_OF_NOTHING =
      Pattern.compile(".*(Manager|Helper|Helpers|Util|Utils|Impl)|Abstract.*");

  /// Where controls of attacks are made: checks that are left out.
  private static final String CONTROLS = "dev/sealift/permit/control/";

  private static final Set<String> MAKERS_OF_CONTROLS = Set.of("permit", "attacks");

  private HouseRules() {}

  static List<Breach> breaches(String room, References code) {
    List<Breach> found = new ArrayList<>();
    arrows(room, code, found);
    controls(room, code, found);
    names(code, found);
    if (INNER.contains(room)) {
      for (String member : code.members()) {
        String instead = SURROUNDINGS.get(member);
        if (instead != null) {
          found.add(new Breach(code.name(), "uses " + member, instead));
        }
      }
      for (String named : code.classes()) {
        if (IO_CLASSES.stream().anyMatch(io -> io.matcher(named).matches())) {
          found.add(
              new Breach(code.name(), "names " + named, "do I/O and threads in an outer room"));
        }
      }
    }
    if (INNER.contains(room) || TIMELESS.contains(room)) {
      found.addAll(clocksAndDice(code));
    }
    return found;
  }

  /// Holds for tests of every room too: no test sleeps.
  static List<Breach> sleeps(References code) {
    return clocksAndDice(code).stream()
        .filter(breach -> breach.how().contains("Thread.sleep"))
        .toList();
  }

  private static List<Breach> clocksAndDice(References code) {
    List<Breach> found = new ArrayList<>();
    for (String member : code.members()) {
      String instead = CLOCKS_AND_DICE.get(member);
      if (instead != null) {
        found.add(new Breach(code.name(), "uses " + member, instead));
      }
    }
    return found;
  }

  private static void arrows(String room, References code, List<Breach> found) {
    Set<String> allowed = ARROWS.getOrDefault(room, Set.of());
    for (String named : code.classes()) {
      if (named.startsWith("dev/sealift/")) {
        String used = named.split("/", -1)[2];
        if (!used.equals(room) && !allowed.contains(used)) {
          found.add(
              new Breach(
                  code.name(),
                  "uses the room " + used + " (" + named + ")",
                  "turn the arrow round, or hand the value in from a room further out"));
        }
      }
    }
  }

  private static void controls(String room, References code, List<Breach> found) {
    if (MAKERS_OF_CONTROLS.contains(room)) {
      return;
    }
    for (String named : code.classes()) {
      if (named.startsWith(CONTROLS)) {
        found.add(
            new Breach(
                code.name(),
                "names " + named,
                "nothing: only attacks may leave out a check, a shipped room never can"));
      }
    }
  }

  private static void names(References code, List<Breach> found) {
    String simple = code.name().substring(code.name().lastIndexOf('/') + 1);
    for (String part : simple.split("\\$", -1)) {
      if (NAMES_OF_NOTHING.matcher(part).matches()) {
        found.add(new Breach(code.name(), "is called " + part, "a noun of the domain"));
      }
    }
  }
}
