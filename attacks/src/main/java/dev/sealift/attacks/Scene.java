// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootResult;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Slot;
import dev.sealift.boot.SwapType;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.device.SelfTest;
import dev.sealift.device.Surroundings;
import dev.sealift.device.VirtualDevice;
import dev.sealift.image.Image;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.ReleaseMark;
import dev.sealift.permit.Signed;
import dev.sealift.permit.TrustState;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.server.LinkId;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.transport.MemoryLink;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SplittableRandom;

/// Where an attack happens: one device, whoever is around it, and a look at its memory. Time passes
/// here when somebody says so, and at no other time.
public final class Scene {
  private static final LinkId LAPTOP = new LinkId("laptop");
  private static final LinkId STRANGER = new LinkId("stranger");

  /// The number of the device that is attacked; its neighbours are counted on from here.
  private static final long SERIAL = 1;

  private static final long DICE_SEED = 4;

  /// How long honest people try again where a device has other things to do.
  private static final Duration PATIENCE = Duration.ofMinutes(10);

  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final AttackWorld world;
  private final Victim victim;
  private final Set<Guard> leftOut;
  private final VirtualDevice device;
  private final List<VirtualDevice> neighbours = new ArrayList<>();
  private final SplittableRandom dice = new SplittableRandom(DICE_SEED);
  private final Map<String, Long> tally = new HashMap<>();
  private Optional<List<CoseKeyPair>> makers = Optional.empty();
  private Optional<Edition> next = Optional.empty();
  private Optional<Signed<Beacon>> keptAnswer = Optional.empty();
  private Optional<Bytes> keptMessage = Optional.empty();
  private SelfTest.Result health = SelfTest.Result.PASSED;
  private long nanos;

  Scene(AttackWorld world, Victim victim, Set<Guard> leftOut) {
    this.world = world;
    this.victim = victim;
    this.leftOut = Set.copyOf(leftOut);
    this.device = world.device(victim, SERIAL, leftOut, surroundings());
  }

  private Surroundings surroundings() {
    return new Surroundings(() -> nanos, dice, _ -> health);
  }

  AttackWorld world() {
    return world;
  }

  People people() {
    return world.people();
  }

  Victim victim() {
    return victim;
  }

  /// What the maker has released for this device.
  Catalogue catalogue() {
    return world.catalogue(victim.shape());
  }

  Edition honest() {
    return catalogue().honest();
  }

  Edition older() {
    return catalogue().older();
  }

  public VirtualDevice device() {
    return device;
  }

  boolean isOn(Guard guard) {
    return !leftOut.contains(guard);
  }

  /// Another device nearby, with all its guards.
  VirtualDevice neighbour(Victim kind) {
    VirtualDevice next =
        world.device(kind, SERIAL + 1 + neighbours.size(), Set.of(), surroundings());
    neighbours.add(next);
    return next;
  }

  // Time, and what the device finds when it looks at itself.

  void pass(Duration time) {
    nanos += time.toNanos();
    device.tick();
  }

  Duration elapsed() {
    return Duration.ofNanos(nanos);
  }

  /// In seconds since 1970, as everybody outside knows it.
  long now() {
    return People.START + elapsed().toSeconds();
  }

  /// Days since the devices were made.
  long day() {
    return elapsed().toDays();
  }

  void health(SelfTest.Result found) {
    health = found;
  }

  // What the maker does from now on.

  /// Other keys sign for the maker.
  void makerSigns(List<CoseKeyPair> signers) {
    makers = Optional.of(List.copyOf(signers));
  }

  /// That is the next release, whatever else there is.
  void nextIs(Edition edition) {
    next = Optional.of(edition);
  }

  // What somebody keeps for later.

  void keep(Signed<Beacon> answer) {
    keptAnswer = Optional.of(answer);
  }

  Signed<Beacon> keptAnswer() {
    return keptAnswer.orElseThrow(() -> new IllegalStateException("nobody kept an answer"));
  }

  void keep(Bytes message) {
    keptMessage = Optional.of(message);
  }

  Bytes keptMessage() {
    return keptMessage.orElseThrow(() -> new IllegalStateException("nobody kept a message"));
  }

  // Who is there.

  /// Somebody on a link of their own.
  public Attacker stranger() {
    return new Attacker(client(STRANGER));
  }

  /// Somebody on that link.
  Attacker on(String link) {
    return new Attacker(client(new LinkId(link)));
  }

  /// The honest laptop, step by step.
  Attacker laptop() {
    return new Attacker(client(LAPTOP));
  }

  private SmpClient client(LinkId link) {
    return client(link, device);
  }

  private SmpClient client(LinkId link, VirtualDevice to) {
    return new SmpClient(new MemoryLink(link, to::receive), () -> nanos);
  }

  Attacker at(VirtualDevice other) {
    return new Attacker(client(STRANGER, other));
  }

  /// An upload whose answers go through a forger's hands.
  Encounter liedTo(Forger forger, Bytes file) throws IOException {
    SmpClient client =
        new SmpClient(
            new MemoryLink(STRANGER, device::receive, forger.way(file.size())), () -> nanos);
    return new Attacker(client).upload(file);
  }

  /// A packet as it is; what comes back, if anything does.
  Encounter packet(Bytes packet) {
    List<Bytes> answers = device.receive(STRANGER, packet);
    return new Encounter("send a packet", Reaction.ofRaw(answers));
  }

  /// Any command at all, with an empty map.
  Encounter raw(int group, int command, int operation) {
    Bytes map = Cbor.encode(CborMap.EMPTY);
    SmpHeader header =
        new SmpHeader(operation, SmpMessage.Version.V2.bits(), 0, map.size(), group, 1, command);
    return packet(header.write().plus(map));
  }

  // Honest work.

  /// The device hears what time it is, from a beacon.
  void hearTime() throws IOException {
    Beacon beacon =
        people()
            .draft(day())
            .number(People.FIRST_BEACON + elapsed().toSeconds())
            .at(now())
            .beacon();
    Deeds.heard(this, older().bundle().withBeacon(people().said(beacon)));
  }

  /// The release with all that this device's root asks for: an approval, news, an answer.
  Bundle papers(Edition edition) throws IOException {
    return papers(edition, laptop());
  }

  Bundle papers(Edition edition, Attacker by) throws IOException {
    Bundle bundle = edition.bundle();
    if (victim.policy().isEmpty()) {
      return bundle;
    }
    Policy policy = victim.policy().get();
    if (policy.asksOperators() && bundle.endorsements().isEmpty()) {
      bundle = bundle.withEndorsements(List.of(world.approval(edition)));
    }
    if (bundle.beacon().isPresent()) {
      return bundle;
    }
    return switch (policy.mode()) {
      case OPEN -> bundle;
      case BOUNDED -> bundle.withBeacon(world.news(day()));
      case STRICT -> bundle.withBeacon(answer(by.nonce()));
    };
  }

  /// What the freshness service says to a nonce now.
  Signed<Beacon> answer(Bytes nonce) {
    return people().said(people().draft(day()).at(now()).beacon().answering(nonce));
  }

  /// The honest laptop carries an update as far as is wanted.
  UpdateResult update(Edition edition, Wanted.Ending ending) throws IOException {
    return new Updater(
            client(LAPTOP), edition.with(papers(edition)).material(), this::pass, _ -> {})
        .run(ending);
  }

  /// The same where there is no attack yet: it has to come to its end.
  void updated(Edition edition, Wanted.Ending ending) throws IOException {
    UpdateResult result = update(edition, ending);
    if (!result.equals(new UpdateResult.Reached())) {
      throw new IOException("the honest update to %s ended: %s".formatted(edition, result));
    }
  }

  /// The same again and again while the device says that it has other things to do.
  UpdateResult updatePatiently(Edition edition) throws IOException {
    Duration start = elapsed();
    while (true) {
      UpdateResult result = update(edition, Wanted.Ending.CONFIRMED);
      boolean busy =
          result instanceof UpdateResult.Refused(_, var refusal, _) && refusal == Refusal.R25;
      if (!busy || elapsed().minus(start).compareTo(PATIENCE) > 0) {
        return result;
      }
      pass(PAUSE);
    }
  }

  /// The first of the maker's releases that can follow on what the device knows and runs.
  Edition nextHonest() throws IOException {
    if (next.isPresent()) {
      return next.get();
    }
    Optional<ReleaseMark> known = device.trust().flatMap(TrustState::known);
    return catalogue().updates().stream()
        .filter(edition -> !runsAnyOf(edition))
        .filter(
            edition ->
                known
                    .filter(
                        mark ->
                            mark.sequence().compareTo(edition.sequence()) >= 0
                                && !mark.equals(edition.mark()))
                    .isEmpty())
        .findFirst()
        .map(edition -> makers.map(edition::signedBy).orElse(edition))
        .orElseThrow(() -> new IOException("the maker has released nothing newer"));
  }

  Encounter restart() {
    BootResult result = device.powerOn();
    return new Encounter("restart", Reaction.of(result));
  }

  // Counting, for bounds.

  void count(String what, long by) {
    tally.merge(what, by, Long::sum);
  }

  long counted(String what) {
    return tally.getOrDefault(what, 0L);
  }

  // What there is to see.

  boolean runs(Image image) {
    return device.isRunning() && device.runningImage().flatMap(Image::hash).equals(image.hash());
  }

  boolean runsAnyOf(Edition edition) {
    return edition.images().stream().anyMatch(this::runs);
  }

  /// What is in use of an image of the device.
  boolean uses(int image, Image wanted) {
    return device.isRunning()
        && device.image(image, Slot.PRIMARY).flatMap(Image::hash).equals(wanted.hash());
  }

  /// Whether a page of the file lies in the other slot of image 0, at its place.
  boolean holdsPageOf(Bytes file) {
    return holdsPageOf(0, file);
  }

  boolean holdsPageOf(int image, Bytes file) {
    Bytes slot = secondary(image);
    for (int at = 0; at < file.size(); at += BlockTable.PAGE_BYTES) {
      int end = Math.min(at + BlockTable.PAGE_BYTES, file.size());
      if (end <= slot.size() && slot.slice(at, end).equals(file.slice(at, end))) {
        return true;
      }
    }
    return false;
  }

  /// Whether the other slot of image 0 is marked to boot.
  boolean isMarked() {
    SwapType asked = requested();
    return asked == SwapType.TEST || asked == SwapType.PERM;
  }

  SwapType requested() {
    return new ImageMarks(boot()).requested(device.flash());
  }

  /// Whether the bytes lie in the other slot at an offset, and the slot is marked to boot.
  boolean isMarkedWith(int offset, Bytes bytes) {
    return isMarked() && secondary(0).slice(offset, offset + bytes.size()).equals(bytes);
  }

  Bytes secondary(int image) {
    FlashArea area = boot().area(image, Slot.SECONDARY);
    return device.flash().peek(area.start(), area.size());
  }

  private BootConfig boot() {
    return device.setup().boot();
  }

  Permits.StatusReply status() {
    return asked(new Permits.Status());
  }

  private <R extends Reply> R asked(Request<R> request) {
    try {
      return on("looker").done(request);
    } catch (IOException e) {
      throw new IllegalStateException("the device does not tell of itself", e);
    }
  }

  /// Whether the device names that release to whoever asks what it has accepted.
  boolean tellsOf(Edition edition) {
    return status().digest().equals(Optional.of(edition.digest().value()));
  }

  /// Whether the device says that its news are no news any more.
  boolean isStale() {
    return status().stale().orElse(false);
  }

  /// The number of the newest beacon, as the device tells it.
  long newsNumber() {
    return status().beacon().orElse(0L);
  }

  /// How sure its root wants it to be, as the device tells it.
  int mode() {
    return asked(new Permits.Info()).mode().orElse(-1);
  }

  /// What time the device says it is.
  Optional<String> clock() {
    try {
      return switch (client(new LinkId("looker")).call(new Os.Datetime())) {
        case Answer.Done<Os.DatetimeReply>(var reply) -> Optional.of(reply.datetime());
        case Answer.Refused<Os.DatetimeReply> _ -> Optional.empty();
      };
    } catch (IOException e) {
      throw new IllegalStateException("the device does not tell of itself", e);
    }
  }

  /// Whether the device answers somebody who only looks.
  boolean tells(Request<?> request) {
    try {
      return client(new LinkId("looker")).call(request) instanceof Answer.Done<?>;
    } catch (IOException e) {
      throw new IllegalStateException("the device does not tell of itself", e);
    }
  }

  /// What the agent remembers of releases that it has accepted.
  Optional<ReleaseMark> known() {
    return device.trust().flatMap(TrustState::known);
  }
}
