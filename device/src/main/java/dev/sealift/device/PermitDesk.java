// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.AcceptedPermit;
import dev.sealift.permit.Action;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Check;
import dev.sealift.permit.Checks;
import dev.sealift.permit.Decision;
import dev.sealift.permit.News;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.SessionCheck;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.TrustState.Staged.Purpose;
import dev.sealift.permit.Verdict;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Group;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.server.GroupHandler;
import dev.sealift.smp.server.LinkId;
import dev.sealift.suit.SuitDigest;
import dev.sealift.update.Gate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// What the agent's own group of SMP answers: bundles, tables and sessions come in here, and what
/// can be told goes out. Everybody may ask; nobody is believed.
final class PermitDesk implements GroupHandler {
  /// The version of the permit group.
  private static final int PROTOCOL = 1;

  /// Bytes of a bundle or table in one answer, where the buffers hold as much.
  private static final int GET_BYTES_MAX = 1024;

  /// What an answer has around them: the header, and a map of offset, data and length.
  private static final int GET_OVERHEAD_BYTES = 48;

  private final DeviceSetup setup;
  private final List<Slots> images;
  private final Checks checks;
  private final Uptime uptime;
  private final Trust trust;
  private final Receiving receiving;
  private final Holding holding;
  private final Nonces nonces;
  private final Grants grants;
  private final Possession possession;
  private final Wear wear;
  private final VerificationBudget budget = new VerificationBudget();
  private final Inboxes bundles = new Inboxes();
  private final Inboxes sessions = new Inboxes();
  private final Inboxes tables = new Inboxes();

  /// The link that what is held came by, since the last start.
  private Optional<LinkId> broughtBy = Optional.empty();

  /// What the desk shares with the gate: who has the right of way, and who may do what.
  record Shared(Nonces nonces, Grants grants, Possession possession, Wear wear, Uptime uptime) {}

  PermitDesk(
      DeviceSetup setup,
      List<Slots> images,
      Checks checks,
      Trust trust,
      Receiving receiving,
      Holding holding,
      Shared shared) {
    this.setup = setup;
    this.images = List.copyOf(images);
    this.checks = checks;
    this.trust = trust;
    this.receiving = receiving;
    this.holding = holding;
    this.nonces = shared.nonces();
    this.grants = shared.grants();
    this.possession = shared.possession();
    this.wear = shared.wear();
    this.uptime = shared.uptime();
  }

  @Override
  public Response handle(LinkId from, Request<?> request) {
    return switch (request) {
      case Permits.Info _ -> done(info());
      case Permits.Nonce _ -> nonce(from);
      case Permits.Status _ -> done(status());
      case Permits.Bundle part -> bundle(from, part);
      case Permits.Table part -> table(from, part);
      case Permits.Session part -> session(from, part);
      case Permits.Have _ -> done(have());
      case Permits.Get asked -> get(asked);
      case Permits.Drop _ -> drop(from);
      default ->
          new Response.Refused(
              new Answer.Protocol(Answer.ResultCode.NOT_SUPPORTED, Optional.empty()));
    };
  }

  private Permits.InfoReply info() {
    return new Permits.InfoReply(
        PROTOCOL,
        setup.vendor().bytes(),
        setup.deviceClass().bytes(),
        Optional.of(setup.identity().device().bytes()),
        setup.identity().deployment().map(deployment -> deployment.bytes()),
        trust.root().version(),
        trust.root().epoch(),
        Bundle.BYTES_MAX,
        Optional.of(trust.root().terms().freshness().mode().id()),
        images.stream()
            .filter(slots -> slots.target().isPresent())
            .map(slots -> new Permits.Room(slots.image(), slots.imageSizeMax()))
            .toList());
  }

  private Permits.StatusReply status() {
    Optional<Integer> due = holding.stage() == Gate.Stage.IDLE ? Optional.empty() : receiving.due();
    return new Permits.StatusReply(
        holding.stage().number(),
        holding.permit().map(accepted -> accepted.manifestDigest().value()),
        due.or(() -> holding.permit().map(_ -> 0)),
        due.map(receiving::offset).orElse(0L),
        Optional.of(trust.state().news().map(News::number).orElse(0L)),
        trust.isStale() ? Optional.of(true) : Optional.empty());
  }

  private Response nonce(LinkId from) {
    return done(new Permits.NonceReply(nonces.give(from, uptime.now()), Nonces.LIFETIME));
  }

  private Response bundle(LinkId from, Permits.Bundle part) {
    return switch (bundles.take(
        from, part.offset(), part.data(), part.length(), Bundle.BYTES_MAX)) {
      case Inboxes.Progress.Impossible() -> new Response.Refused(reason(Refusal.R1));
      case Inboxes.Progress.More(var offset) -> progress(offset);
      case Inboxes.Progress.Whole(var bytes) -> done(judged(from, bytes).reply(bytes.size()));
    };
  }

  /// What a bundle came to.
  private record Judged(
      Optional<Refusal> refusal,
      Optional<SuitDigest> release,
      Optional<String> reason,
      Optional<Duration> retryAfter) {
    static Judged of(Refusal refusal, String detail) {
      return new Judged(
          Optional.of(refusal),
          Optional.empty(),
          Optional.of(refusal.sentence(detail)),
          Optional.empty());
    }

    static Judged later(Duration wait, String detail) {
      return new Judged(
          Optional.of(Refusal.R25),
          Optional.empty(),
          Optional.of(Refusal.R25.sentence(detail)),
          // Whole seconds, and never too early.
          Optional.of(Duration.ofSeconds(wait.plusMillis(999).toSeconds())));
    }

    Permits.PartReply reply(long offset) {
      return new Permits.PartReply(
          offset,
          Optional.of(refusal.map(Refusal::number).orElse(0).longValue()),
          release.map(SuitDigest::value),
          reason,
          retryAfter);
    }
  }

  private Judged judged(LinkId from, Bytes bundle) {
    Optional<AcceptedPermit> held =
        holding
            .permit()
            .filter(known -> known.bundle().equals(bundle))
            .filter(known -> known.purpose() == Purpose.INSTALL);
    if (held.isPresent()) {
      // Byte for byte what was judged before: nothing to verify.
      return known(held.get());
    }
    if (holding.isOnTrial()) {
      // The image on trial must be confirmed or reverted first: what a revert would bring back lies
      // in the slot that this release would take. In offset mode nothing would boot any more
      // after the revert of a slot that was written to.
      return Judged.of(Refusal.R26, "the running image is on trial");
    }
    Optional<Verdict.Refuse> misfit = trust.misfit(bundle);
    if (misfit.isPresent()) {
      return Judged.of(misfit.get().refusal(), misfit.get().detail());
    }
    Optional<Duration> turn = possession.wait(from, uptime.now());
    if (checks.make(Check.LINK) && turn.isPresent()) {
      return Judged.later(turn.get(), "another link is bringing a release");
    }
    Optional<Duration> wait = mustWait(from);
    if (wait.isPresent()) {
      return Judged.later(wait.get(), "too many signatures to verify");
    }
    TrustState before = trust.state();
    Decision decision = trust.decide(bundle);
    budget.spend(from, decision.verifications(), uptime.now());
    return switch (decision.verdict()) {
      case Verdict.Refuse(var refusal, var detail) -> Judged.of(refusal, detail);
      case Verdict.Install(var accepted) -> take(from, accepted, Optional.empty(), before);
      case Verdict.Carry(var accepted, var detail) ->
          take(from, accepted, Optional.of(detail), before);
    };
  }

  private Optional<Duration> mustWait(LinkId from) {
    if (!checks.make(Check.BUDGET)) {
      return Optional.empty();
    }
    return switch (budget.ask(from, uptime.now())) {
      case VerificationBudget.Answer.Now() -> Optional.empty();
      case VerificationBudget.Answer.Later(var wait) -> Optional.of(wait);
    };
  }

  /// Another release costs flash each time, whoever brings it (T51).
  private Optional<Duration> mustSpare(AcceptedPermit accepted) {
    if (!checks.make(Check.WEAR) || holding.isSame(accepted)) {
      return Optional.empty();
    }
    Optional<Duration> wait = wear.wait(accepted.manifestDigest(), uptime.now());
    if (wait.isEmpty()) {
      wear.note(accepted.manifestDigest(), uptime.now());
    }
    return wait;
  }

  private Judged known(AcceptedPermit accepted) {
    return holding.isInstalled()
        ? new Judged(
            Optional.of(Refusal.R29),
            Optional.of(accepted.manifestDigest()),
            Optional.of(Refusal.R29.sentence("it is installed")),
            Optional.empty())
        : new Judged(
            Optional.empty(),
            Optional.of(accepted.manifestDigest()),
            Optional.empty(),
            Optional.empty());
  }

  private Judged take(
      LinkId from, AcceptedPermit accepted, Optional<String> passedOver, TrustState before) {
    Optional<Holding.Conflict> conflict = holding.conflict(accepted);
    if (conflict.isPresent()) {
      return switch (conflict.get()) {
        case Holding.Conflict.Fatal(var hazard) -> Judged.of(Refusal.R22, hazard.words());
        case Holding.Conflict.Marked() -> Judged.of(Refusal.R26, "another image is marked to boot");
        // What is for others never stands in the way of what is for this device.
        case Holding.Conflict.Busy() -> Judged.of(Refusal.R10, passedOver.orElse("for others"));
      };
    }
    if (holding.isNew(accepted, before)) {
      Optional<Duration> wait = mustSpare(accepted);
      if (wait.isPresent()) {
        return Judged.later(wait.get(), "it was begun too often");
      }
      holding.take(accepted);
      broughtBy = Optional.of(from);
    }
    possession.take(from, uptime.now());
    return known(accepted);
  }

  private Response table(LinkId from, Permits.Table part) {
    if (holding.permit().isEmpty()) {
      return new Response.Refused(reason(Refusal.R18));
    }
    int image = part.image().orElse(0);
    return switch (tables.take(
        from, part.offset(), part.data(), part.length(), receiving.tableSizeMax(image))) {
      case Inboxes.Progress.Impossible() -> new Response.Refused(reason(Refusal.R19));
      case Inboxes.Progress.More(var offset) -> progress(offset);
      case Inboxes.Progress.Whole(var digests) ->
          switch (receiving.table(image, digests)) {
            case BlockTable.Judgement.Good _ ->
                done(
                    new Judged(
                            Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty())
                        .reply(digests.size()));
            case BlockTable.Judgement.Refused(var refusal, var detail) ->
                done(Judged.of(refusal, detail).reply(digests.size()));
          };
    };
  }

  private Response session(LinkId from, Permits.Session part) {
    return switch (sessions.take(
        from, part.offset(), part.data(), part.length(), SessionCheck.BYTES_MAX)) {
      case Inboxes.Progress.Impossible() -> new Response.Refused(reason(Refusal.R1));
      case Inboxes.Progress.More(var offset) -> done(sessionReply(offset));
      case Inboxes.Progress.Whole(var message) -> done(granted(from, message));
    };
  }

  private Permits.SessionReply granted(LinkId from, Bytes message) {
    Optional<Verdict.Refuse> misfit = trust.sessionMisfit(message);
    if (misfit.isPresent()) {
      return sessionReply(message.size(), misfit.get());
    }
    Optional<Duration> wait = mustWait(from);
    if (wait.isPresent()) {
      return sessionReply(
          message.size(),
          new Verdict.Refuse(
              Refusal.R25, "come back in %d s".formatted(wait.get().toSeconds() + 1)));
    }
    SessionCheck.Answer answer = trust.decideSession(message);
    budget.spend(from, answer.verifications(), uptime.now());
    return switch (answer) {
      case SessionCheck.Answer.Refused(var refuse, _) -> sessionReply(message.size(), refuse);
      case SessionCheck.Answer.Granted(var session, _) -> {
        grants.add(session, uptime.now());
        yield new Permits.SessionReply(
            message.size(),
            Optional.of(0L),
            Optional.of(Math.toIntExact(Action.bits(session.actions()))),
            Optional.of(Duration.ofSeconds(session.seconds())),
            Optional.empty());
      }
    };
  }

  private static Permits.SessionReply sessionReply(long offset) {
    return new Permits.SessionReply(
        offset, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty());
  }

  private static Permits.SessionReply sessionReply(long offset, Verdict.Refuse refuse) {
    return new Permits.SessionReply(
        offset,
        Optional.of((long) refuse.refusal().number()),
        Optional.empty(),
        Optional.empty(),
        Optional.of(refuse.sentence()));
  }

  private Permits.HaveReply have() {
    return switch (holding.lookOnce()) {
      case Handout.Found.Cannot _ -> new Permits.HaveReply(List.of());
      case Handout.Found.Ready(var held, var pieces) ->
          new Permits.HaveReply(
              List.of(
                  new Permits.Held(
                      held.manifestDigest().value().first(Permits.SHORT_DIGEST_SIZE),
                      held.release().sequence().value(),
                      pieces.stream().mapToLong(piece -> piece.part().size()).sum(),
                      holding.newsNumberToPassOn())));
    };
  }

  /// Bundle and tables alone: image bytes travel as uploads that their receiver steers.
  private Response get(Permits.Get asked) {
    if (!(holding.lookOnce() instanceof Handout.Found.Ready(var held, var pieces))
        || !held.manifestDigest().value().startsWith(asked.digest())) {
      return new Response.Refused(reason(Refusal.R18));
    }
    Bytes content =
        switch (asked.what()) {
          case Permits.Get.What.Bundle() -> holding.bundleToPassOn(held);
          case Permits.Get.What.Table(var image) ->
              pieces.stream()
                  .filter(piece -> piece.part().place().image() == image)
                  .map(piece -> piece.table().digests())
                  .findFirst()
                  .orElse(Bytes.EMPTY);
        };
    // T62: nothing but the thing itself, however far somebody reads.
    if (asked.offset() >= content.size()) {
      return new Response.Refused(reason(Refusal.R19));
    }
    int from = (int) asked.offset();
    int size = Math.min(Math.min(asked.size(), getBytesMax()), content.size() - from);
    return done(new Permits.GetReply(from, content.slice(from, from + size), content.size()));
  }

  private int getBytesMax() {
    return Math.clamp(setup.profile().smp().size() - GET_OVERHEAD_BYTES, 1, GET_BYTES_MAX);
  }

  private Response drop(LinkId from) {
    if (holding.isOnTrial() || holding.isInstalled() || holding.isPending()) {
      // A marked image boots whoever changes their mind; dropped, nobody could confirm it.
      return new Response.Refused(reason(Refusal.R26));
    }
    if (checks.make(Check.LINK) && possession.wait(from, uptime.now()).isPresent()) {
      return new Response.Refused(reason(Refusal.R25));
    }
    // What waits for its hour is nobody's any more; a passer-by must not call it off (T46).
    if (holding.permit().isPresent()
        && checks.make(Check.ACTION)
        && !broughtBy.equals(Optional.of(from))
        && !grants.allow(
            Action.ERASE, holding.permit().map(AcceptedPermit::manifestDigest), uptime.now())) {
      return new Response.Refused(reason(Refusal.R26));
    }
    if (holding.permit().isPresent()) {
      holding.drop();
      possession.release();
    }
    return done(new Reply.Nothing());
  }

  private static Answer.Reason reason(Refusal refusal) {
    return new Answer.OfGroup(Group.PERMIT.number(), refusal.number());
  }

  private static Response progress(long offset) {
    return done(
        new Permits.PartReply(
            offset, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  private static Response done(Reply reply) {
    return new Response.Done(reply);
  }
}
