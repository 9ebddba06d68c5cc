// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Hazard;
import dev.sealift.bytes.Bytes;
import dev.sealift.permit.AcceptedPermit;
import dev.sealift.permit.Action;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Check;
import dev.sealift.permit.Checks;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Release;
import dev.sealift.permit.Root;
import dev.sealift.permit.Terms;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.UploadJudge.Step;
import dev.sealift.permit.Verdict;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Group;
import dev.sealift.smp.Images;
import dev.sealift.smp.server.GroupHandler;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.LinkId;
import dev.sealift.suit.SuitDigest;
import dev.sealift.update.Gate;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/// The gate in front of a device: nothing is erased, written, marked or reset unless an accepted
/// permit names it as its effect. It acts only through Zephyr's hooks and a group of its own, and
/// leaves the parts of the work to others: [Trust] believes and remembers, [Holding] has the
/// permit, [PermitDesk] answers the group, [Receiving] judges bytes, [CommandRules] sorts commands,
/// [VerificationBudget], [Wear] and [Possession] say who has had enough, [Grants] what technicians
/// may do, [Handout] what can be passed on.
///
/// | command | without a permit | with one |
/// |---|---|---|
/// | any read, echo, the permit group | let through | let through |
/// | image upload | R18 | the permit's bytes at the permit's place, page by page |
/// | image state write | R18 | marks on trial what the permit names; on trial: R26 |
/// | reset | R18 | once the permit's image is marked |
/// | everything else that writes | R26 | R26, but for the action of a session permit |
///
/// A release whose image the bootloader itself would die of is refused as well, with R22: see
/// [Hazard]. So is everything that would touch the other slot while the running image is on trial.
/// An image on trial is kept by nobody but itself, once its self-test has passed.
///
/// A permit whose image is installed is spent: from then on the device is one without a permit.
final class Agent implements Hooks {
  private final List<Slots> images;
  private final Checks checks;
  private final SelfTest selfTest;
  private final Uptime uptime;

  private final Trust trust;
  private final Receiving receiving;
  private final Holding holding;
  private final PermitDesk desk;
  private final Grants grants = new Grants();
  private final Wear wear = new Wear();
  private final Possession possession = new Possession();

  private Optional<LinkId> link = Optional.empty();

  /// The release that somebody at the device has agreed to.
  private Optional<SuitDigest> consent = Optional.empty();

  Agent(
      DeviceSetup setup,
      Root root,
      List<Slots> images,
      Checks checks,
      Surroundings surroundings,
      IntConsumer verified) {
    this.images = List.copyOf(images);
    this.checks = checks;
    this.selfTest = surroundings.selfTest();
    this.uptime = new Uptime(surroundings.nanos());
    Nonces nonces = new Nonces(surroundings.dice());
    this.trust = new Trust(setup, root, images, checks, nonces, uptime, verified);
    this.receiving = new Receiving(images, checks);
    this.holding = new Holding(images, checks, trust, receiving);
    this.desk =
        new PermitDesk(
            setup,
            images,
            checks,
            trust,
            receiving,
            holding,
            new PermitDesk.Shared(nonces, grants, possession, wear, uptime));
  }

  /// What answers the group.
  GroupHandler desk() {
    return desk;
  }

  // What the application does by itself.

  /// What came of looking after an image on trial.
  enum Trial {
    /// None is on trial, or it has not found out.
    NOTHING,
    /// It is not well: restarting lets the bootloader bring back the one before.
    FAILED
  }

  /// An image on trial looks at itself and is kept when it is well and, where the root wants that,
  /// somebody trusted was reached (T38).
  Trial settle() {
    if (!holding.isOnTrial()) {
      return Trial.NOTHING;
    }
    if (checks.make(Check.COMPONENT) && holding.isHalfTried()) {
      return Trial.FAILED;
    }
    Slots own = images.getFirst();
    SelfTest.Result result =
        own.image(own.running()).map(selfTest::of).orElse(SelfTest.Result.FAILED);
    boolean reached =
        trust.root().terms().confirmation() == Terms.ConfirmRule.SELF_TEST || trust.hadContact();
    switch (result) {
      case RUNNING -> {}
      case FAILED -> {
        return Trial.FAILED;
      }
      case PASSED -> {
        if (reached) {
          images.forEach(
              slots -> {
                if (slots.isOnTrial()) {
                  slots.confirm();
                }
              });
          holding.confirmed();
        }
      }
    }
    return Trial.NOTHING;
  }

  /// Somebody at the device agrees to what is staged.
  void consent() {
    consent = holding.permit().map(AcceptedPermit::manifestDigest);
  }

  void serverTime(long time) {
    trust.serverTime(time);
  }

  // What Zephyr's hooks ask.

  @Override
  public Entry connection(LinkId from) {
    link = Optional.of(from);
    return Entry.ALLOWED;
  }

  @Override
  public CommandVerdict command(int group, int command, int operation) {
    return switch (CommandRules.of(group, command, operation)) {
      case CommandRules.Free() -> new CommandVerdict.Proceed();
      case CommandRules.Upload() ->
          isAnothers() ? refuse(Refusal.R25) : new CommandVerdict.Proceed();
      case CommandRules.Mark() -> mark();
      case CommandRules.Reset() -> reset();
      case CommandRules.Only(var action) -> only(action);
    };
  }

  private CommandVerdict only(Action action) {
    if (checks.make(Check.ACTION) && !isGranted(action)) {
      return refuse(Refusal.R26);
    }
    if (action == Action.ERASE) {
      receiving.forget();
    }
    return new CommandVerdict.Proceed();
  }

  private boolean isGranted(Action action) {
    return grants.allow(action, holding.permit().map(AcceptedPermit::manifestDigest), uptime.now());
  }

  /// A reset is the effect of a permit whose image is marked; on trial it would force a revert
  /// (T37).
  private CommandVerdict reset() {
    if (isGranted(Action.RESET) || !checks.make(Check.ACTION)) {
      return new CommandVerdict.Proceed();
    }
    return switch (holding.unspent().effect()) {
      case Step.Proceed() ->
          holding.permit().map(this::resetTo).orElseGet(CommandVerdict.Proceed::new);
      case Step.Refuse(var refusal, _) -> refuse(refusal);
      case Step.Rewind _ -> refuse(Refusal.R1);
    };
  }

  /// What was marked within its hours must not be started outside of them (T52).
  private CommandVerdict resetTo(AcceptedPermit held) {
    if (!holding.isPending() || holding.isOnTrial()) {
      return refuse(Refusal.R26);
    }
    return held.activationRefusal(trust.clock(), consents(), checks)
            .filter(notNow -> notNow.refusal() == Refusal.R30)
            .isPresent()
        ? refuse(Refusal.R30)
        : new CommandVerdict.Proceed();
  }

  /// The hook does not see whether a test, a permanent swap or a confirmation is asked for. So the
  /// stage decides: a staged release is marked on trial here and now, after which MCUboot's own
  /// functions ignore any other mark (T38); one on trial is kept by itself and by nobody else. Once
  /// it is installed nothing is left to ask for: the older image in the other slot is well signed,
  /// and a mark would bring it back (T16).
  private CommandVerdict mark() {
    if (holding.isOnTrial()) {
      return isGranted(Action.CONFIRM) || !checks.make(Check.ACTION)
          ? new CommandVerdict.Proceed()
          : refuse(Refusal.R26);
    }
    if (holding.unspent().effect() instanceof Step.Refuse(var refusal, _)) {
      return refuse(refusal);
    }
    if (holding.permit().isEmpty() || holding.isInstalled()) {
      return new CommandVerdict.Proceed();
    }
    if (holding.permit().get().purpose() == TrustState.Staged.Purpose.CARRY) {
      return refuse(Refusal.R10);
    }
    Optional<Refusal> wrong = receiving.slotsRefusal();
    if (wrong.isPresent()) {
      receiving.forget();
      return refuse(wrong.get());
    }
    Optional<Verdict.Refuse> withdrawn = holding.withdrawn();
    if (withdrawn.isPresent()) {
      return refuse(withdrawn.get().refusal());
    }
    Optional<Verdict.Refuse> notNow =
        holding.permit().get().activationRefusal(trust.clock(), consents(), checks);
    if (notNow.isPresent()) {
      return refuse(notNow.get().refusal());
    }
    if (checks.make(Check.TRIES) && trust.triesLeft(holding.permit().get().manifestDigest()) == 0) {
      // It was started and reverted too often; only a higher one will do (T37).
      return refuse(Refusal.R12);
    }
    return markAll();
  }

  private Set<AcceptedPermit.Consent> consents() {
    Set<AcceptedPermit.Consent> consents = EnumSet.noneOf(AcceptedPermit.Consent.class);
    if (consent.isPresent()
        && consent.equals(holding.permit().map(AcceptedPermit::manifestDigest))) {
      consents.add(AcceptedPermit.Consent.ON_THE_SPOT);
    }
    if (isGranted(Action.ACTIVATE)) {
      consents.add(AcceptedPermit.Consent.SESSION);
    }
    return consents;
  }

  /// Counted before it is marked: a release that never comes up must not be tried for ever. What
  /// the permit does not name, and the server could be asked to mark in the same breath, is erased:
  /// the older file of another image is well signed too (T16, T21).
  private CommandVerdict markAll() {
    if (!holding.isPending()) {
      trust.keep(trust.state().trying(holding.permit().orElseThrow()));
    }
    for (Slots slots : images) {
      if (checks.make(Check.COMPONENT)
          && holding.permit().orElseThrow().part(slots.image()).isEmpty()) {
        slots.discardTarget();
      }
    }
    for (Release.Part part : holding.permit().orElseThrow().parts()) {
      switch (images.get(part.place().image()).test()) {
        case DONE -> {}
        case FLASH_FAILED, PENDING_MAGIC_BAD, CONFIRM_MAGIC_BAD -> {
          return refuse(Refusal.R21);
        }
      }
    }
    return new CommandVerdict.Proceed();
  }

  @Override
  public ChunkVerdict chunk(Images.Upload chunk, long expectedOffset) {
    int image = Math.toIntExact(Math.min(chunk.image().orElse(0L), Integer.MAX_VALUE));
    long offset = chunk.offset().orElse(0L);
    Bytes data = chunk.data().orElse(Bytes.EMPTY);
    if (offset == 0) {
      Optional<ChunkVerdict> already = begin(image, chunk.length().orElse(0L));
      if (already.isPresent()) {
        return already.get();
      }
    }
    return switch (receiving
        .judge()
        .chunk(receiving.current(), expectedOffset, offset, data.size())) {
      case Step.Refuse(var refusal, _) -> new ChunkVerdict.Refuse(reason(refusal));
      // The server answers with the offset that is due.
      case Step.Rewind _ -> new ChunkVerdict.Proceed();
      case Step.Proceed() -> pages(expectedOffset, data);
    };
  }

  /// What an upload that begins has coming, where that is not its first byte.
  private Optional<ChunkVerdict> begin(int image, long length) {
    if (holding.isOnTrial()) {
      return Optional.of(new ChunkVerdict.Refuse(reason(Refusal.R26)));
    }
    if (holding.unspent().start(image, length) instanceof Step.Refuse(var refusal, _)) {
      return Optional.of(new ChunkVerdict.Refuse(reason(refusal)));
    }
    long from = receiving.resumeAt(image, length);
    if (from > 0) {
      take();
      return Optional.of(new ChunkVerdict.Resume(from));
    }
    if (holding.permit().isPresent() && checks.make(Check.WEAR)) {
      SuitDigest release = holding.permit().get().manifestDigest();
      if (wear.wait(release, uptime.now()).isPresent()) {
        return Optional.of(new ChunkVerdict.Refuse(reason(Refusal.R25)));
      }
    }
    take();
    return Optional.empty();
  }

  private ChunkVerdict pages(long offset, Bytes data) {
    long before = offset / BlockTable.PAGE_BYTES;
    return switch (receiving.chunk(offset, data)) {
      case Receiving.Pages.Good() -> {
        if ((offset + data.size()) / BlockTable.PAGE_BYTES > before) {
          renew();
          if (before == 0) {
            // Only what is written wears: whoever begins and brings no page uses nothing up.
            holding.permit().ifPresent(held -> wear.note(held.manifestDigest(), uptime.now()));
          }
        }
        yield new ChunkVerdict.Proceed();
      }
      case Receiving.Pages.Astray() -> new ChunkVerdict.Refuse(reason(Refusal.R20));
      case Receiving.Pages.Wrong(var refusal, var back) -> {
        // A link that lies has no right of way (T57).
        possession.release();
        yield new ChunkVerdict.RefuseAndRewind(reason(refusal), back);
      }
    };
  }

  private boolean isAnothers() {
    return checks.make(Check.LINK)
        && link.flatMap(from -> possession.wait(from, uptime.now())).isPresent();
  }

  private void take() {
    link.ifPresent(from -> possession.take(from, uptime.now()));
  }

  private void renew() {
    link.ifPresent(from -> possession.renew(from, uptime.now()));
  }

  @Override
  public void notice(Notice notice) {
    switch (notice) {
      case CONFIRMED -> holding.confirmed();
      case STARTED, STOPPED, COMPLETED, PENDING -> {}
    }
  }

  // What the agent knows.

  Gate.Stage stage() {
    return holding.stage();
  }

  TrustState state() {
    return trust.state();
  }

  Sharing sharing() {
    return holding.sharing();
  }

  private static CommandVerdict refuse(Refusal refusal) {
    return new CommandVerdict.Refuse(reason(refusal));
  }

  private static Answer.Reason reason(Refusal refusal) {
    return new Answer.OfGroup(Group.PERMIT.number(), refusal.number());
  }
}
