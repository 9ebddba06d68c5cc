// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.KeyId;
import java.util.Arrays;
import java.util.Collections;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/// What a device remembers: the root it trusts, the releases it has seen, the news it has heard.
/// Every way from one state to the next raises or keeps; none lowers, but for a root of a higher
/// epoch, which is what epochs are for.
///
/// `known` rises when a permit is accepted, `installed` when its image is confirmed; `staged` is
/// what is being taken; `serials` are the highest endorsements that were followed; `tries` counts
/// the starts of one release that has not been confirmed yet. `timeFloor` is in seconds since 1970.
public record TrustState(
    Root root,
    Optional<ReleaseMark> known,
    Optional<ReleaseMark> installed,
    Optional<Staged> staged,
    Optional<News> news,
    long timeFloor,
    SortedMap<Bytes, Long> serials,
    SortedSet<KeyId> denied,
    Optional<Tries> tries) {

  /// More deployments than a device ever belongs to.
  public static final int SERIALS_MAX = 4;

  public static final int DENIED_MAX = 64;

  /// What is being taken, and whether to run it or only to carry it.
  public record Staged(SuitDigest manifest, Purpose purpose) {
    public enum Purpose {
      INSTALL(0),
      CARRY(1);

      private final int id;

      Purpose(int id) {
        this.id = id;
      }

      /// As a record of the state writes it.
      int id() {
        return id;
      }

      static Optional<Purpose> ofId(long id) {
        return Arrays.stream(values()).filter(purpose -> purpose.id == id).findFirst();
      }
    }
  }

  /// How often a release was started without being confirmed.
  public record Tries(SuitDigest manifest, int count) {}

  public TrustState {
    serials = Collections.unmodifiableSortedMap(new TreeMap<>(serials));
    denied = Collections.unmodifiableSortedSet(new TreeSet<>(denied));
    if (timeFloor < 0 || serials.size() > SERIALS_MAX || denied.size() > DENIED_MAX) {
      throw new IllegalArgumentException(
          "time %d, %d serials, %d keys denied"
              .formatted(timeFloor, serials.size(), denied.size()));
    }
  }

  /// A device that has seen nothing yet but its root.
  public static TrustState fresh(Root root) {
    return new TrustState(
        root,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        root.terms().time(),
        new TreeMap<>(),
        new TreeSet<>(),
        Optional.empty());
  }

  /// The next root is trusted from now on. A higher epoch forgets what a thief of lesser keys may
  /// have said: the news, the time, the serial numbers and who is denied (T19, T33).
  TrustState trusting(Root next) {
    if (next.epoch() > root.epoch()) {
      return new TrustState(
          next,
          known,
          installed,
          staged,
          Optional.empty(),
          next.terms().time(),
          new TreeMap<>(),
          new TreeSet<>(),
          tries);
    }
    return new TrustState(
        next,
        known,
        installed,
        staged,
        news,
        Math.max(timeFloor, next.terms().time()),
        serials,
        denied,
        tries);
  }

  /// A firmware that was built with a newer root than the one remembered brings it along.
  public TrustState withProvisioned(Root provisioned) {
    return provisioned.version() > root.version() && provisioned.epoch() >= root.epoch()
        ? trusting(provisioned)
        : this;
  }

  /// Where there are more keys to deny than a device can remember, nothing.
  Optional<TrustState> hearing(News newest, Set<KeyId> deniedBesides) {
    SortedSet<KeyId> all = new TreeSet<>(denied);
    all.addAll(deniedBesides);
    return all.size() > DENIED_MAX
        ? Optional.empty()
        : Optional.of(
            new TrustState(
                root,
                known,
                installed,
                staged,
                Optional.of(newest.notBelow(news.flatMap(News::floor))),
                Math.max(timeFloor, newest.time()),
                serials,
                all,
                tries));
  }

  /// A server's time over an authenticated link, or ticks counted since: only ever forward.
  public TrustState notBefore(long time) {
    return time <= timeFloor
        ? this
        : new TrustState(root, known, installed, staged, news, time, serials, denied, tries);
  }

  /// A permit was accepted: from now on nothing older may be offered.
  public TrustState accepted(AcceptedPermit permit) {
    requireToRun(permit);
    SortedMap<Bytes, Long> higher = new TreeMap<>(serials);
    permit
        .endorsement()
        .ifPresent(
            endorsement -> {
              Bytes deployment = endorsement.deployment().bytes();
              higher.merge(deployment, endorsement.serial(), Math::max);
            });
    return new TrustState(
        root,
        Optional.of(raised(known, permit.mark())),
        installed,
        Optional.of(new Staged(permit.manifestDigest(), Staged.Purpose.INSTALL)),
        news,
        timeFloor,
        higher,
        denied,
        tries.filter(tried -> tried.manifest().equals(permit.manifestDigest())));
  }

  /// A release is taken along for others. It raises nothing: it is not for this device.
  public TrustState carrying(AcceptedPermit permit) {
    return new TrustState(
        root,
        known,
        installed,
        Optional.of(new Staged(permit.manifestDigest(), Staged.Purpose.CARRY)),
        news,
        timeFloor,
        serials,
        denied,
        tries);
  }

  /// A release is about to be started unconfirmed.
  public TrustState trying(AcceptedPermit permit) {
    requireToRun(permit);
    int before =
        tries
            .filter(tried -> tried.manifest().equals(permit.manifestDigest()))
            .map(Tries::count)
            .orElse(0);
    return new TrustState(
        root,
        known,
        installed,
        staged,
        news,
        timeFloor,
        serials,
        denied,
        Optional.of(new Tries(permit.manifestDigest(), before + 1)));
  }

  /// The image of a release runs and is confirmed: from now on nothing older may be installed.
  public TrustState installed(AcceptedPermit permit) {
    requireToRun(permit);
    return new TrustState(
        root,
        Optional.of(raised(known, permit.mark())),
        Optional.of(raised(installed, permit.mark())),
        Optional.empty(),
        news,
        timeFloor,
        serials,
        denied,
        Optional.empty());
  }

  /// What was being taken is given up; what is known stays known.
  public TrustState dropped() {
    return new TrustState(
        root, known, installed, Optional.empty(), news, timeFloor, serials, denied, tries);
  }

  private static void requireToRun(AcceptedPermit permit) {
    if (permit.purpose() != Staged.Purpose.INSTALL) {
      throw new IllegalStateException(permit + " is only to be carried");
    }
  }

  /// Whether nothing here is lower than there.
  boolean isAtLeast(TrustState other) {
    if (!isAtLeast(known, other.known) || !isAtLeast(installed, other.installed)) {
      return false;
    }
    if (root.epoch() > other.root.epoch()) {
      return root.version() > other.root.version();
    }
    return root.epoch() == other.root.epoch()
        && root.version() >= other.root.version()
        && timeFloor >= other.timeFloor
        && number(news) >= number(other.news)
        && floor(news).compareTo(floor(other.news)) >= 0
        && denied.containsAll(other.denied)
        && other.serials.entrySet().stream()
            .allMatch(entry -> serials.getOrDefault(entry.getKey(), -1L) >= entry.getValue());
  }

  private static long number(Optional<News> news) {
    return news.map(News::number).orElse(0L);
  }

  private static SequenceNumber floor(Optional<News> news) {
    return news.flatMap(News::floor).orElse(SequenceNumber.LOWEST);
  }

  private static boolean isAtLeast(Optional<ReleaseMark> mark, Optional<ReleaseMark> other) {
    return other.isEmpty()
        || (mark.isPresent()
            && (mark.equals(other) || mark.get().sequence().compareTo(other.get().sequence()) > 0));
  }

  private static ReleaseMark raised(Optional<ReleaseMark> mark, ReleaseMark by) {
    return mark.filter(old -> old.sequence().compareTo(by.sequence()) >= 0).orElse(by);
  }
}
