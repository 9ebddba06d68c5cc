// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Hazard;
import dev.sealift.boot.Hazards;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.device.Slots.Pending;
import dev.sealift.permit.AcceptedPermit;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Checks;
import dev.sealift.permit.News;
import dev.sealift.permit.Release;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.TrustState.Staged.Purpose;
import dev.sealift.permit.UploadJudge;
import dev.sealift.permit.Verdict;
import dev.sealift.update.Gate;
import dev.sealift.update.UpdateMaterial;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The permit that a device holds, from the moment it is accepted until its image is installed and
/// beyond: what is being taken or, where nothing is, what runs. Kept in flash before anything
/// follows from it, and read again at every start.
final class Holding {
  private final List<Slots> images;
  private final Checks checks;
  private final Trust trust;
  private final Receiving receiving;

  private Optional<AcceptedPermit> permit = Optional.empty();

  /// What is in use, by image: it stays as it is until the next start.
  private final List<Optional<Bytes>> inUse;

  /// Whether any of it has still to be kept; a reset or a confirmation ends that.
  private boolean onTrial;

  /// What can be passed on, once somebody has looked.
  private Optional<Handout.Found> handout = Optional.empty();

  /// What was known when the permit was judged last.
  private TrustState judgedBy;

  Holding(List<Slots> images, Checks checks, Trust trust, Receiving receiving) {
    this.images = List.copyOf(images);
    this.checks = checks;
    this.trust = trust;
    this.receiving = receiving;
    this.inUse = images.stream().map(slots -> slots.imageHash(slots.running())).toList();
    this.onTrial = images.stream().anyMatch(Slots::isOnTrial);
    this.judgedBy = trust.state();
    remember();
    noteInstalled();
  }

  Optional<AcceptedPermit> permit() {
    return permit;
  }

  /// What was being taken when the power went, or else what is installed.
  private void remember() {
    TrustState state = trust.state();
    permit =
        state
            .staged()
            .flatMap(staged -> trust.stored(TrustStore.Shelf.STAGED, staged.manifest()))
            .or(
                () ->
                    state
                        .installed()
                        .flatMap(
                            mark -> trust.stored(TrustStore.Shelf.INSTALLED, mark.manifest())));
    receiving.take(permit);
  }

  boolean isOnTrial() {
    return onTrial;
  }

  /// Whether only part of a release is on trial: the power failed between the marks of its images,
  /// and the bootloader has brought in one and left the other (T21).
  boolean isHalfTried() {
    return onTrial
        && permit
            .filter(held -> !isRunning(held) && held.parts().stream().anyMatch(this::isInUse))
            .isPresent();
  }

  private boolean isInUse(Release.Part part) {
    return Optional.of(part.imageHash().value()).equals(inUse.get(part.place().image()));
  }

  /// Something was confirmed.
  void confirmed() {
    onTrial = images.stream().anyMatch(Slots::isOnTrial);
    noteInstalled();
  }

  /// Where a new permit would stand in the way of what is there.
  sealed interface Conflict {
    /// The bootloader of this device would die of its image.
    record Fatal(Hazard hazard) implements Conflict {}

    /// Another image boots next, whoever changes their mind.
    record Marked() implements Conflict {}

    /// It is for others, and this device runs it or is taking something for itself.
    record Busy() implements Conflict {}
  }

  Optional<Conflict> conflict(AcceptedPermit accepted) {
    Optional<Hazard> fatal = fatalHazard(accepted);
    if (fatal.isPresent()) {
      return Optional.of(new Conflict.Fatal(fatal.get()));
    }
    if (isSame(accepted)) {
      return Optional.empty();
    }
    if (isPending()) {
      return Optional.of(new Conflict.Marked());
    }
    boolean busy =
        accepted.purpose() == Purpose.CARRY
            && (isRunning(accepted)
                || (permit.filter(held -> held.purpose() == Purpose.INSTALL).isPresent()
                    && !isInstalled()));
    return busy ? Optional.of(new Conflict.Busy()) : Optional.empty();
  }

  boolean isSame(AcceptedPermit accepted) {
    return permit
        .map(AcceptedPermit::manifestDigest)
        .equals(Optional.of(accepted.manifestDigest()));
  }

  /// Whether a permit says something that the one at hand does not: another release, another word
  /// of an operator, or news. What nobody has signed is no reason to write to flash (T51).
  boolean isNew(AcceptedPermit accepted, TrustState before) {
    return !isSame(accepted)
        || !before.equals(trust.state())
        || !permit.flatMap(AcceptedPermit::endorsement).equals(accepted.endorsement())
        || permit.filter(held -> held.purpose() == accepted.purpose()).isEmpty();
  }

  /// Takes a permit that nothing stands in the way of: the bundle is stored before the state that
  /// names it.
  void take(AcceptedPermit accepted) {
    judgedBy = trust.state();
    if (isSame(accepted) && isInstalled()) {
      // The same release with newer news.
      trust.store(TrustStore.Shelf.INSTALLED, accepted);
    } else {
      trust.store(TrustStore.Shelf.STAGED, accepted);
      trust.keep(
          accepted.purpose() == Purpose.INSTALL
              ? trust.state().accepted(accepted)
              : trust.state().carrying(accepted));
    }
    permit = Optional.of(accepted);
    handout = Optional.empty();
    receiving.take(permit);
  }

  /// Why what is staged may not run any more: a floor, a key that is denied, another root that came
  /// since it was accepted (T61).
  Optional<Verdict.Refuse> withdrawn() {
    if (permit.isEmpty() || isSameKnowledge(judgedBy, trust.state())) {
      return Optional.empty();
    }
    Optional<Verdict.Refuse> refuse = trust.refusesNow(permit.get());
    if (refuse.isEmpty()) {
      judgedBy = trust.state();
    }
    return refuse;
  }

  private static boolean isSameKnowledge(TrustState one, TrustState other) {
    return one.news().equals(other.news())
        && one.denied().equals(other.denied())
        && one.root().equals(other.root());
  }

  /// Gives up what is being taken. What is known stays known.
  void drop() {
    trust.keep(trust.state().dropped());
    remember();
  }

  /// A signed release that the bootloader of this device would die of: the faults of the real code
  /// that its size shows. The one that its content shows is looked for page by page.
  private Optional<Hazard> fatalHazard(AcceptedPermit accepted) {
    return accepted.parts().stream()
        .flatMap(
            part -> {
              Slots slots = images.get(part.place().image());
              return new Hazards(slots.config().alone(slots.image()))
                  .ofSize(part.size(), slots.runningSize()).stream();
            })
        .filter(hazard -> hazard.severity() == Hazard.Severity.BRICKS)
        .findFirst();
  }

  // What can be passed on.

  private Handout.Found look() {
    if (permit.isEmpty() || !isInstalled()) {
      return new Handout.Found.Cannot(
          "what runs here came without a permit, or is not confirmed yet");
    }
    return Handout.look(permit.get(), images, checks);
  }

  /// Reading and hashing the whole image for each question of a stranger would be work for nothing.
  Handout.Found lookOnce() {
    if (handout.isEmpty()) {
      handout = Optional.of(look());
    }
    return handout.get();
  }

  Sharing sharing() {
    return switch (look()) {
      case Handout.Found.Cannot(var reason) -> new Sharing.Cannot(reason);
      case Handout.Found.Ready(var held, var pieces) ->
          new Sharing.Ready(
              new UpdateMaterial(
                  pieces.stream()
                      .map(
                          piece ->
                              new UpdateMaterial.Piece(
                                  piece.part().place(),
                                  piece.image(),
                                  piece.part().imageHash().value(),
                                  Optional.of(piece.table().digests())))
                      .toList(),
                  Optional.of(
                      new UpdateMaterial.Sealed(
                          bundleToPassOn(held), held.manifestDigest().value()))));
    };
  }

  /// The newest news goes along: they are what a neighbour may be lacking. An answer to this
  /// device stays here: to any other it is a nonce that nobody waits for, and refuses the whole
  /// (T29, T35).
  Bytes bundleToPassOn(AcceptedPermit passed) {
    try {
      Bundle bundle = Bundle.decode(passed.bundle());
      return bundle.withNews(newsToPassOn()).encode();
    } catch (MalformedException e) {
      throw new IllegalStateException("a bundle that was accepted cannot be read", e);
    }
  }

  private Optional<Bytes> newsToPassOn() {
    return trust.state().news().flatMap(News::signed);
  }

  /// The number of the beacon that goes along; 0 for none.
  long newsNumberToPassOn() {
    return trust
        .state()
        .news()
        .filter(news -> news.signed().isPresent())
        .map(News::number)
        .orElse(0L);
  }

  // How far it is.

  Gate.Stage stage() {
    if (permit.isEmpty()) {
      return Gate.Stage.IDLE;
    }
    if (isRunning(permit.get())) {
      return onTrial ? Gate.Stage.ON_TRIAL : Gate.Stage.INSTALLED;
    }
    Optional<Integer> due = receiving.due();
    if (due.isEmpty()) {
      return Gate.Stage.STAGED;
    }
    return receiving.hasTable(due.get()) ? Gate.Stage.RECEIVING : Gate.Stage.ACCEPTED;
  }

  /// Each image that the permit names is in use, in whatever slot.
  private boolean isRunning(AcceptedPermit accepted) {
    return accepted.parts().stream()
        .map(part -> part.place().image())
        .allMatch(
            image ->
                accepted.release().parts().stream()
                    .filter(part -> part.place().image() == image)
                    .anyMatch(
                        part -> Optional.of(part.imageHash().value()).equals(inUse.get(image))));
  }

  boolean isPending() {
    return images.stream().anyMatch(slots -> slots.pending() != Pending.NO);
  }

  boolean isInstalled() {
    return permit
            .filter(held -> held.purpose() == Purpose.INSTALL)
            .filter(this::isRunning)
            .isPresent()
        && !onTrial;
  }

  /// The sequence rises when the image is confirmed, not before: a reverted release may be tried
  /// again, and no older one may be offered from now on (T16, T39).
  private void noteInstalled() {
    if (isInstalled()) {
      trust.store(TrustStore.Shelf.INSTALLED, permit.orElseThrow());
      trust.keep(trust.state().installed(permit.orElseThrow()));
      handout = Optional.empty();
    }
  }

  /// For what begins something: an installed release permits nothing more.
  UploadJudge unspent() {
    return isInstalled() ? UploadJudge.of(Optional.empty(), Map.of(), checks) : receiving.judge();
  }
}
