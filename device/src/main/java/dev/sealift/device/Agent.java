// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Hazard;
import dev.sealift.boot.Hazards;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.Slots.Pending;
import dev.sealift.image.Image;
import dev.sealift.permit.AcceptedPermit;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Checks;
import dev.sealift.permit.DeviceFacts;
import dev.sealift.permit.PermitCheck;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.StateRecords;
import dev.sealift.permit.TrustState;
import dev.sealift.permit.UploadJudge;
import dev.sealift.permit.UploadJudge.Step;
import dev.sealift.permit.Verdict;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Group;
import dev.sealift.smp.GroupHandler;
import dev.sealift.smp.Hooks;
import dev.sealift.smp.Images;
import dev.sealift.smp.LinkId;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpHeader;
import dev.sealift.suit.SuitDigest;
import dev.sealift.update.Gate;
import java.math.BigInteger;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// The gate in front of a device: nothing is erased, written, marked or reset unless an accepted
/// permit names it as its effect. It decides with `permit`, remembers in [TrustStore], and acts
/// only through Zephyr's hooks and a group of its own.
///
/// | command | without a permit | with one |
/// |---|---|---|
/// | any read, echo, the permit group | let through | let through |
/// | image upload | R18 | the permit's bytes at the permit's place, page by page |
/// | image state write | R18 | marks on trial what the permit names; on trial: confirms |
/// | reset | R18 | once the permit's image is marked |
/// | everything else that writes | R26 | R26 |
///
/// A release whose image the bootloader itself would die of is refused as well, with R22: see
/// [Hazard]. So is everything that would touch the other slot while the running image is on trial.
///
/// A permit whose image is installed is spent: from then on the device is one without a permit.
final class Agent implements Hooks, GroupHandler {
  /// The version of the permit group.
  private static final int PROTOCOL = 1;

  private final DeviceSetup setup;
  private final Root root;
  private final Slots slots;
  private final Hazards hazards;
  private final TrustStore store;
  private final Checks checks;

  private TrustState state;
  private Optional<AcceptedPermit> permit = Optional.empty();
  private Optional<BlockTable> table = Optional.empty();
  private Parts bundleParts = Parts.NONE;
  private Parts tableParts = Parts.NONE;
  private Bytes page = Bytes.EMPTY;
  private long received;
  private long announced;

  /// Reads what earlier runs remembered. A damaged store is a device without state: it starts from
  /// what the running image says of itself.
  Agent(DeviceSetup setup, Root root, Slots slots, Checks checks) {
    this.setup = setup;
    this.root = root;
    this.slots = slots;
    this.hazards = new Hazards(slots.config());
    this.checks = checks;
    this.store = new TrustStore(slots.flash(), setup.storage());
    this.state =
        switch (store.state()) {
          case StateRecords.Found.Current(var current, _, _) -> current;
          case StateRecords.Found.Blank _, StateRecords.Found.Damaged _ ->
              TrustState.fresh(root.epoch());
        };
    this.permit = remembered();
    if (isConfirmed()) {
      noteInstalled();
    }
  }

  /// The stored bundle, judged anew (T04): the state names the release it must be.
  private Optional<AcceptedPermit> remembered() {
    return store.bundle().map(this::decide).flatMap(Agent::accepted).filter(this::isNamedByState);
  }

  private static Optional<AcceptedPermit> accepted(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Install(var accepted) -> Optional.of(accepted);
      case Verdict.Carry _, Verdict.Refuse _ -> Optional.empty();
    };
  }

  private boolean isNamedByState(AcceptedPermit candidate) {
    Optional<SuitDigest> digest = Optional.of(candidate.manifestDigest());
    return state.staged().equals(digest)
        || state.installed().map(mark -> mark.manifest()).equals(digest);
  }

  private Verdict decide(Bytes bundle) {
    return PermitCheck.decide(bundle, facts(), state, root, checks);
  }

  private DeviceFacts facts() {
    TreeMap<Integer, Long> sizes = new TreeMap<>();
    sizes.put(0, (long) slots.config().imageSizeMax());
    Optional<Image> running = slots.image(slots.running());
    Optional<SequenceNumber> sequence =
        running
            .filter(image -> image.sequence().isPresent())
            .map(image -> SequenceNumber.of(BigInteger.valueOf(image.sequence().getAsLong())));
    return new DeviceFacts(
        setup.vendor(),
        setup.deviceClass(),
        sizes,
        slots.flash().securityCounter().value(),
        sequence,
        Bundle.BYTES_MAX);
  }

  // What Zephyr's hooks ask.

  @Override
  public Entry connection(LinkId link) {
    return Entry.ALLOWED;
  }

  @Override
  public CommandVerdict command(int group, int command, int operation) {
    if (operation == SmpHeader.READ || group == Group.PERMIT.number()) {
      return new CommandVerdict.Proceed();
    }
    if (group == Group.OS.number() && command == 0) {
      return new CommandVerdict.Proceed();
    }
    if (group == Group.OS.number() && command == 5) {
      return reset();
    }
    if (group == Group.IMAGE.number() && command == 0) {
      return mark();
    }
    if (group == Group.IMAGE.number() && command == 1) {
      // The chunk hook sees what this one cannot.
      return new CommandVerdict.Proceed();
    }
    return refuse(Refusal.R26);
  }

  /// A reset is the effect of a permit whose image is marked; on trial it would force a revert
  /// (T37).
  private CommandVerdict reset() {
    return switch (unspent().effect()) {
      case Step.Proceed() ->
          permit.isEmpty() || slots.pending() != Pending.NO
              ? new CommandVerdict.Proceed()
              : refuse(Refusal.R26);
      case Step.Refuse(var refusal, _) -> refuse(refusal);
      case Step.Rewind _ -> refuse(Refusal.R1);
    };
  }

  /// The hook does not see whether a test, a permanent swap or a confirmation is asked for. So the
  /// stage decides: a staged image is marked on trial here and now, after which MCUboot's own
  /// functions ignore any other mark (T38); one on trial may be confirmed, and Zephyr itself
  /// refuses to mark anything else then. Once it is installed nothing is left to ask for: the
  /// older image in the other slot is well signed, and a mark would bring it back (T16).
  private CommandVerdict mark() {
    if (unspent().effect() instanceof Step.Refuse(var refusal, _)) {
      return refuse(refusal);
    }
    if (permit.isEmpty() || stage() == Gate.Stage.ON_TRIAL || stage() == Gate.Stage.INSTALLED) {
      return new CommandVerdict.Proceed();
    }
    Optional<Refusal> wrong = slotRefusal();
    if (wrong.isPresent()) {
      return refuse(wrong.get());
    }
    return switch (slots.test()) {
      case DONE -> new CommandVerdict.Proceed();
      case FLASH_FAILED, PENDING_MAGIC_BAD, CONFIRM_MAGIC_BAD -> refuse(Refusal.R21);
    };
  }

  /// Reads the slot back, right before anything is made pending (T02, T05).
  private Optional<Refusal> slotRefusal() {
    if (permit.isEmpty()) {
      return Optional.of(Refusal.R18);
    }
    if (slots.target().isEmpty()) {
      return Optional.of(Refusal.R23);
    }
    Bytes content = slots.content(slots.target().get());
    int size = Math.toIntExact(permit.get().release().size());
    if (size > content.size()) {
      return Optional.of(Refusal.R19);
    }
    if (judge().image(SuitDigest.of(content.first(size))) instanceof Step.Refuse(var refusal, _)) {
      return Optional.of(refusal);
    }
    // A mark that stands already is no tail of an image.
    int end =
        slots.pending() == Pending.NO
            ? content.size()
            : Math.min(content.size(), slots.config().imageSizeMax());
    return judge().tail(content.slice(size, Math.max(size, end)), erasedValue())
            instanceof Step.Refuse(var refusal, _)
        ? Optional.of(refusal)
        : Optional.empty();
  }

  @Override
  public ChunkVerdict chunk(Images.Upload chunk, long expectedOffset) {
    long offset = chunk.offset().orElse(0L);
    Bytes data = chunk.data().orElse(Bytes.EMPTY);
    if (offset == 0) {
      if (slots.isOnTrial()) {
        return new ChunkVerdict.Refuse(reason(Refusal.R26));
      }
      if (unspent().start(Math.toIntExact(chunk.image().orElse(0L)), chunk.length().orElse(0L))
          instanceof Step.Refuse(var refusal, _)) {
        return new ChunkVerdict.Refuse(reason(refusal));
      }
      page = Bytes.EMPTY;
      received = 0;
      announced = chunk.length().orElse(0L);
    }
    return switch (judge().chunk(expectedOffset, offset, data.size())) {
      case Step.Refuse(var refusal, _) -> new ChunkVerdict.Refuse(reason(refusal));
      // The server answers with the offset that is due.
      case Step.Rewind _ -> new ChunkVerdict.Proceed();
      case Step.Proceed() -> pages(expectedOffset, data);
    };
  }

  /// Judges every page that this chunk completes. A wrong one is dropped whole, with the parts of
  /// it that came before: none of it has reached the flash (T03). The last page is whole when the
  /// upload is: by what was announced, not by what is permitted, or a tail that nobody has checked
  /// the size of would be written unjudged (T05).
  private ChunkVerdict pages(long offset, Bytes data) {
    Bytes waiting = page.plus(data);
    long start = offset - page.size();
    while (waiting.size() >= BlockTable.PAGE_BYTES
        || (!waiting.isEmpty() && start + waiting.size() == announced)) {
      int size = Math.min(BlockTable.PAGE_BYTES, waiting.size());
      Optional<Refusal> wrong = pageRefusal(start, waiting.first(size));
      if (wrong.isPresent()) {
        // The first page has parts from before this chunk. At a later one the chunk as a whole has
        // not been taken.
        boolean isFirst = start < offset - page.size() + BlockTable.PAGE_BYTES;
        long back = isFirst ? start : offset - page.size();
        page = Bytes.EMPTY;
        received = back;
        return new ChunkVerdict.RefuseAndRewind(reason(wrong.get()), back);
      }
      start += size;
      waiting = waiting.from(size);
    }
    page = waiting;
    received = offset + data.size();
    return new ChunkVerdict.Proceed();
  }

  private Optional<Refusal> pageRefusal(long start, Bytes whole) {
    if (judge().page(Math.toIntExact(start / BlockTable.PAGE_BYTES), whole)
        instanceof Step.Refuse(var refusal, _)) {
      return Optional.of(refusal);
    }
    // Signed or not: what ends like a trailer would be one to the bootloader, in its scratch area.
    return hazards.endsLikeTrailer(start, whole) ? Optional.of(Refusal.R22) : Optional.empty();
  }

  @Override
  public void notice(Notice notice) {
    switch (notice) {
      case CONFIRMED -> {
        if (isConfirmed()) {
          noteInstalled();
        }
      }
      case STARTED, STOPPED, COMPLETED, PENDING -> {}
    }
  }

  // What the agent's own group answers.

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Permits.Info _ ->
          done(
              new Permits.InfoReply(
                  PROTOCOL,
                  setup.vendor().bytes(),
                  setup.deviceClass().bytes(),
                  Optional.empty(),
                  Optional.empty(),
                  root.version(),
                  root.epoch(),
                  Bundle.BYTES_MAX,
                  Optional.empty(),
                  List.of()));
      case Permits.Status _ ->
          done(
              new Permits.StatusReply(
                  stage().number(),
                  permit.map(accepted -> accepted.manifestDigest().value()),
                  Optional.empty(),
                  received,
                  Optional.empty(),
                  Optional.empty()));
      case Permits.Bundle part -> bundle(part);
      case Permits.Table part -> table(part);
      case Permits.Drop _ -> drop();
      default ->
          new Response.Refused(
              new Answer.Protocol(Answer.ResultCode.NOT_SUPPORTED, Optional.empty()));
    };
  }

  private Response bundle(Permits.Bundle part) {
    Optional<Parts> next =
        bundleParts.with(part.offset(), part.data(), part.length(), Bundle.BYTES_MAX);
    if (next.isEmpty()) {
      bundleParts = Parts.NONE;
      return new Response.Refused(reason(Refusal.R1));
    }
    bundleParts = next.get();
    Optional<Bytes> whole = bundleParts.whole();
    if (whole.isEmpty()) {
      return progress(bundleParts.offset());
    }
    bundleParts = Parts.NONE;
    return judged(whole.get());
  }

  private Response judged(Bytes bundle) {
    if (slots.isOnTrial()) {
      // The image on trial must be confirmed or reverted first: what a revert would bring back lies
      // in the slot that this release would take. In offset mode nothing would boot any more
      // after the revert of a slot that was written to.
      return verdict(bundle.size(), Refusal.R26, "the running image is on trial");
    }
    return switch (decide(bundle)) {
      case Verdict.Install(var accepted) -> {
        Optional<Hazard> fatal = fatalHazard(accepted);
        if (fatal.isPresent()) {
          yield verdict(bundle.size(), Refusal.R22, fatal.get().words());
        }
        accept(accepted);
        yield done(
            new Permits.PartReply(
                bundle.size(),
                Optional.of(0L),
                Optional.of(accepted.manifestDigest().value()),
                Optional.empty(),
                Optional.empty()));
      }
      case Verdict.Carry(_, var detail) -> verdict(bundle.size(), Refusal.R10, detail);
      case Verdict.Refuse(var refusal, var detail) -> verdict(bundle.size(), refusal, detail);
    };
  }

  /// A signed release that the bootloader of this device would die of: the faults of the real code
  /// that its size shows. The one that its content shows is looked for page by page.
  private Optional<Hazard> fatalHazard(AcceptedPermit accepted) {
    return hazards.ofSize(accepted.release().size(), slots.runningSize()).stream()
        .filter(hazard -> hazard.severity() == Hazard.Severity.BRICKS)
        .findFirst();
  }

  private void accept(AcceptedPermit accepted) {
    boolean known =
        permit.map(AcceptedPermit::manifestDigest).equals(Optional.of(accepted.manifestDigest()));
    TrustState next = state.accepted(accepted);
    if (!known || store.bundle().filter(accepted.bundle()::equals).isEmpty()) {
      store.write(accepted.bundle());
    }
    if (!next.equals(state)) {
      store.write(next);
      state = next;
    }
    permit = Optional.of(accepted);
    if (!known) {
      table = Optional.empty();
      page = Bytes.EMPTY;
      received = 0;
    }
  }

  private Response table(Permits.Table part) {
    if (permit.isEmpty()) {
      return new Response.Refused(reason(Refusal.R18));
    }
    int sizeMax = Math.toIntExact(permit.get().release().tableSize());
    Optional<Parts> next = tableParts.with(part.offset(), part.data(), part.length(), sizeMax);
    if (next.isEmpty()) {
      tableParts = Parts.NONE;
      return new Response.Refused(reason(Refusal.R19));
    }
    tableParts = next.get();
    Optional<Bytes> whole = tableParts.whole();
    if (whole.isEmpty()) {
      return progress(tableParts.offset());
    }
    tableParts = Parts.NONE;
    return switch (BlockTable.judge(whole.get(), permit.get())) {
      case BlockTable.Judgement.Good(var good) -> {
        table = Optional.of(good);
        yield done(
            new Permits.PartReply(
                whole.get().size(),
                Optional.of(0L),
                Optional.empty(),
                Optional.empty(),
                Optional.empty()));
      }
      case BlockTable.Judgement.Refused(var refusal, var detail) ->
          verdict(whole.get().size(), refusal, detail);
    };
  }

  /// Gives up what is being staged. What is known stays known.
  private Response drop() {
    Gate.Stage stage = stage();
    if (stage == Gate.Stage.ON_TRIAL
        || stage == Gate.Stage.INSTALLED
        || slots.pending() != Pending.NO) {
      // A marked image boots whoever changes their mind; dropped, nobody could confirm it.
      return new Response.Refused(reason(Refusal.R26));
    }
    if (permit.isPresent()) {
      TrustState next = state.dropped();
      store.write(next);
      state = next;
      permit = Optional.empty();
      table = Optional.empty();
    }
    return done(new Reply.Nothing());
  }

  // What the agent knows.

  Gate.Stage stage() {
    if (permit.isEmpty()) {
      return Gate.Stage.IDLE;
    }
    if (isRunning(permit.get())) {
      return isConfirmed() ? Gate.Stage.INSTALLED : Gate.Stage.ON_TRIAL;
    }
    if (slotRefusal().isEmpty()) {
      return Gate.Stage.STAGED;
    }
    return table.isEmpty() ? Gate.Stage.ACCEPTED : Gate.Stage.RECEIVING;
  }

  TrustState state() {
    return state;
  }

  private boolean isRunning(AcceptedPermit accepted) {
    return slots
        .imageHash(slots.running())
        .equals(Optional.of(accepted.release().imageHash().value()));
  }

  private boolean isConfirmed() {
    return permit.filter(this::isRunning).isPresent() && !slots.isOnTrial();
  }

  /// The sequence rises when the image is confirmed, not before: a reverted release may be tried
  /// again, and no older one may be offered from now on (T16, T39).
  private void noteInstalled() {
    permit.ifPresent(
        accepted -> {
          TrustState next = state.installed(accepted);
          if (!next.equals(state)) {
            store.write(next);
            state = next;
          }
        });
  }

  private UploadJudge judge() {
    return UploadJudge.of(permit, table, checks);
  }

  /// For what begins something: an installed release permits nothing more.
  private UploadJudge unspent() {
    return UploadJudge.of(permit.filter(_ -> !isConfirmed()), table, checks);
  }

  private int erasedValue() {
    return slots.flash().geometry().erasedValue();
  }

  private static CommandVerdict refuse(Refusal refusal) {
    return new CommandVerdict.Refuse(reason(refusal));
  }

  private static Answer.Reason reason(Refusal refusal) {
    return new Answer.OfGroup(Group.PERMIT.number(), refusal.number());
  }

  private static Response progress(long offset) {
    return done(
        new Permits.PartReply(
            offset, Optional.empty(), Optional.empty(), Optional.empty(), Optional.empty()));
  }

  private static Response verdict(long offset, Refusal refusal, String detail) {
    return done(
        new Permits.PartReply(
            offset,
            Optional.of((long) refusal.number()),
            Optional.empty(),
            Optional.of(refusal.sentence(detail)),
            Optional.empty()));
  }

  private static Response done(Reply reply) {
    return new Response.Done(reply);
  }
}
