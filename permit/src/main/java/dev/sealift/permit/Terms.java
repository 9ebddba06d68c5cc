// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// What a root asks beside signatures. `time` is when it was made, in seconds since 1970: the least
/// that the clock of a new device can show.
public record Terms(
    long time, Freshness freshness, List<Crowd> crowds, ConfirmRule confirmation, int tries) {

  /// Endorsements for more than `above` of a deployment need `threshold` approvers.
  public record Crowd(Fraction above, int threshold) {}

  /// How sure a device has to be that what it hears is news (trust.md 3.7). Jumps are how far a
  /// beacon may lie beyond what is known, in seconds and in numbers.
  public record Freshness(Mode mode, long timeJumpMax, long numberJumpMax) {
    public static final long TIME_JUMP_DEFAULT = 3L * 365 * 86_400;
    public static final long NUMBER_JUMP_DEFAULT = 1 << 20;

    public enum Mode {
      /// Only the order of releases counts.
      OPEN(0),
      /// A beacon must have been heard; what has surely expired is refused, age is reported.
      BOUNDED(1),
      /// The answer to a nonce must show that the beacon is news.
      STRICT(2);

      private final int id;

      Mode(int id) {
        this.id = id;
      }

      public int id() {
        return id;
      }

      public static Optional<Mode> ofId(long id) {
        return Arrays.stream(values()).filter(mode -> mode.id == id).findFirst();
      }

      public static Optional<Mode> named(String name) {
        return Arrays.stream(values()).filter(mode -> mode.toString().equals(name)).findFirst();
      }

      @Override
      public String toString() {
        return name().toLowerCase(Locale.ROOT);
      }
    }

    public static Freshness of(Mode mode) {
      return new Freshness(mode, TIME_JUMP_DEFAULT, NUMBER_JUMP_DEFAULT);
    }
  }

  /// What an image on trial must have shown before it is kept.
  public enum ConfirmRule {
    /// Its own self-test.
    SELF_TEST(0),
    /// And that it can still be reached: a server was there.
    SELF_TEST_AND_CONTACT(1);

    private final int id;

    ConfirmRule(int id) {
      this.id = id;
    }

    public int id() {
      return id;
    }
  }

  public static final int CROWDS_MAX = 8;
  public static final int TRIES_MAX = 100;

  /// How often one release may fail its self-test before only a higher one is taken.
  public static final int TRIES_DEFAULT = 3;

  static final int TIME = 6;
  static final int FRESHNESS = 7;
  static final int CROWDS = 8;
  static final int CONFIRMATION = 9;
  static final int TRIES = 10;

  public Terms {
    crowds = List.copyOf(crowds);
  }

  /// Freshness as far as there is somebody to speak of it.
  public static Terms standard(long time, Freshness.Mode mode) {
    return new Terms(time, Freshness.of(mode), List.of(), ConfirmRule.SELF_TEST, TRIES_DEFAULT);
  }

  public Terms with(ConfirmRule other) {
    return new Terms(time, freshness, crowds, other, tries);
  }

  public Terms with(List<Crowd> others) {
    return new Terms(time, freshness, others, confirmation, tries);
  }

  /// How many approvers an endorsement for so many devices needs, where the role has `least`.
  public int threshold(Fraction targeted, int least) {
    return crowds.stream()
        .filter(crowd -> targeted.compareTo(crowd.above()) > 0)
        .mapToInt(Crowd::threshold)
        .reduce(least, Math::max);
  }

  Optional<String> fault() {
    if (time < 0 || freshness.timeJumpMax() < 0 || freshness.numberJumpMax() < 0) {
      return Optional.of("a time or a jump below zero");
    }
    if (crowds.size() > CROWDS_MAX) {
      return Optional.of("%d thresholds for crowds".formatted(crowds.size()));
    }
    if (crowds.stream().anyMatch(crowd -> crowd.threshold() < 1)) {
      return Optional.of("a crowd that nobody has to approve");
    }
    return tries < 1 || tries > TRIES_MAX ? Optional.of(tries + " tries") : Optional.empty();
  }

  void put(CborMap.Builder map) {
    map.put(TIME, time)
        .put(
            FRESHNESS,
            CborList.of(
                CborInt.of(freshness.mode().id()),
                CborInt.of(freshness.timeJumpMax()),
                CborInt.of(freshness.numberJumpMax())));
    if (!crowds.isEmpty()) {
      map.put(
          CROWDS,
          new CborList(
              crowds.stream()
                  .<CborItem>map(
                      crowd ->
                          CborList.of(
                              CborInt.of(crowd.above().numerator()),
                              CborInt.of(crowd.above().denominator()),
                              CborInt.of(crowd.threshold())))
                  .toList()));
    }
    if (confirmation != ConfirmRule.SELF_TEST) {
      map.put(CONFIRMATION, confirmation.id());
    }
    if (tries != TRIES_DEFAULT) {
      map.put(TRIES, tries);
    }
  }

  static Terms read(CborFields fields) throws MalformedException {
    List<CborItem> freshness = fields.list(FRESHNESS);
    if (freshness.size() != 3) {
      throw new MalformedException("freshness of %d parts".formatted(freshness.size()), 0);
    }
    Optional<Freshness.Mode> mode = Freshness.Mode.ofId(number(freshness.get(0)));
    if (mode.isEmpty()) {
      throw new MalformedException("freshness mode " + number(freshness.get(0)), 0);
    }
    List<Crowd> crowds = new ArrayList<>();
    Optional<CborList> list = fields.optional(CborInt.of(CROWDS), CborList.class);
    for (CborItem item : list.map(CborList::items).orElse(List.of())) {
      crowds.add(crowd(item));
    }
    long rule = Beacon.optionalUnsigned(fields, CONFIRMATION, "confirm rule").orElse(0L);
    Optional<ConfirmRule> confirmation =
        Arrays.stream(ConfirmRule.values()).filter(known -> known.id == rule).findFirst();
    if (confirmation.isEmpty()) {
      throw new MalformedException("confirm rule " + rule, 0);
    }
    long tries = Beacon.optionalUnsigned(fields, TRIES, "tries").orElse((long) TRIES_DEFAULT);
    return new Terms(
        Beacon.unsigned(fields, TIME, "time"),
        new Freshness(mode.get(), number(freshness.get(1)), number(freshness.get(2))),
        crowds,
        confirmation.get(),
        Math.clamp(tries, 0, Integer.MAX_VALUE));
  }

  private static Crowd crowd(CborItem item) throws MalformedException {
    List<CborItem> parts = CborFields.expect(item, CborList.class, "crowd").items();
    if (parts.size() != 3) {
      throw new MalformedException("crowd of %d parts".formatted(parts.size()), 0);
    }
    try {
      return new Crowd(
          new Fraction(number(parts.get(0)), number(parts.get(1))),
          Math.clamp(number(parts.get(2)), 0, Integer.MAX_VALUE));
    } catch (IllegalArgumentException e) {
      throw new MalformedException("crowd: " + e.getMessage(), 0, e);
    }
  }

  private static long number(CborItem item) throws MalformedException {
    return CborFields.toLong(CborFields.expect(item, CborInt.class, "number"), "number");
  }
}
