// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.permit.Action;
import dev.sealift.permit.ActivationRule;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.DeviceFacts.Carrying;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Session;
import dev.sealift.permit.SessionCheck;
import dev.sealift.permit.Signed;
import dev.sealift.permit.Targets;
import dev.sealift.permit.Terms;
import dev.sealift.permit.TrustState;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.MemoryLink;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.Gate;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted.Ending;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// What the agent does with news, approvals, sessions, links and time.
class GateTest {
  private final Workshop workshop = new Workshop();
  private final HandTime time = new HandTime();
  private final Image old = workshop.image(0, 9_000);
  private final Image next = workshop.image(1, 10_000);

  private static final Set<Role> RELEASE_AND_APPROVE = Set.of(Role.RELEASE, Role.APPROVE);

  private VirtualDevice device(Terms.Freshness.Mode mode, Set<Role> clause) {
    return device(
        workshop.root(1, Terms.standard(Workshop.TIME, mode), List.of(clause, Set.of(Role.ROOT))));
  }

  private VirtualDevice device(Root root) {
    return workshop.device(
        old, workshop.setup(Optional.of(root)).deployed(workshop.plant), time.surroundings());
  }

  private static SmpClient client(VirtualDevice device, String name) {
    long[] now = {0};
    return new SmpClient(
        new MemoryLink(new LinkId(name), device::receive), () -> now[0] += 1_000_000);
  }

  private UpdateResult update(VirtualDevice device, UpdateMaterial material) throws IOException {
    return new Updater(client(device, "laptop"), material, time::pass, _ -> {})
        .run(Ending.CONFIRMED);
  }

  private Signed<Beacon> beacon(long number, long at) {
    return Signed.unsigned(
            new Beacon(
                number,
                at,
                Duration.ofDays(1).toSeconds(),
                new TreeMap<>(
                    java.util.Map.of(
                        workshop.lamp.tag(),
                        new Beacon.Standing(
                            new SequenceNumber(1, 0),
                            new SequenceNumber(1, 9),
                            Bytes.filled(8, 9)))),
                1,
                Optional.empty(),
                List.of()))
        .signedBy(workshop.freshness);
  }

  private Signed<Beacon> answer(long number, long at, Bytes nonce) {
    return Signed.unsigned(beacon(number, at).content().answering(nonce))
        .signedBy(workshop.freshness);
  }

  private Signed<Endorsement> approval(Bundle bundle, ActivationRule rule, Optional<Long> from) {
    return Signed.unsigned(
            new Endorsement(
                Workshop.digest(bundle),
                workshop.plant,
                new Targets.All(),
                from,
                Optional.empty(),
                1,
                rule))
        .signedBy(workshop.approver);
  }

  private UpdateMaterial approved(ActivationRule rule, Optional<Long> from) {
    Bundle bundle = workshop.signed(next, 2);
    return workshop.material(next, bundle.withEndorsements(List.of(approval(bundle, rule, from))));
  }

  private static Optional<Refusal> refusal(UpdateResult result) {
    return result instanceof UpdateResult.Refused(_, var refusal, _)
        ? Optional.of(refusal)
        : Optional.empty();
  }

  private static Permits.StatusReply status(VirtualDevice device) throws IOException {
    return answered(client(device, "looker"), new Permits.Status());
  }

  private static <R extends dev.sealift.smp.Reply> R answered(
      SmpClient client, dev.sealift.smp.Request<R> request) throws IOException {
    return switch (client.call(request)) {
      case Answer.Done<R>(var reply) -> reply;
      case Answer.Refused<R> refused -> throw new AssertionError(refused);
    };
  }

  @Test
  void an_approved_release_with_news_is_installed_and_keeps_itself() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.BOUNDED, RELEASE_AND_APPROVE);
    Bundle bundle = workshop.signed(next, 2);
    Bundle whole =
        bundle
            .withEndorsements(
                List.of(approval(bundle, new ActivationRule.AtOnce(), Optional.empty())))
            .withBeacon(beacon(7, Workshop.TIME + 100));
    assertThat(update(device, workshop.material(next, whole)))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
    assertThat(status(device).beacon()).contains(7L);
    TrustState state = device.trust().orElseThrow();
    assertThat(state.timeFloor()).isEqualTo(Workshop.TIME + 100);
    assertThat(state.serials().get(workshop.plant.bytes())).isEqualTo(1);
  }

  @Test
  void a_bounded_device_wants_to_have_heard_something() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.BOUNDED, Set.of(Role.RELEASE));
    assertThat(refusal(update(device, workshop.material(next, 2)))).contains(Refusal.R16);
    Bundle fresh = workshop.signed(next, 2).withBeacon(beacon(7, Workshop.TIME));
    assertThat(update(device, workshop.material(next, fresh)))
        .isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void what_was_heard_too_long_ago_is_shown_as_stale() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.BOUNDED, Set.of(Role.RELEASE));
    Bundle fresh = workshop.signed(next, 2).withBeacon(beacon(7, Workshop.TIME));
    update(device, workshop.material(next, fresh));
    assertThat(status(device).stale()).isEmpty();
    time.pass(Duration.ofDays(1).plusSeconds(1));
    assertThat(status(device).stale()).contains(true);
  }

  @Test
  void a_strict_device_wants_its_nonce_answered() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.STRICT, Set.of(Role.RELEASE));
    Bundle bundle = workshop.signed(next, 2);
    assertThat(
            refusal(
                update(
                    device, workshop.material(next, bundle.withBeacon(beacon(7, Workshop.TIME))))))
        .contains(Refusal.R16);
    Bytes nonce = answered(client(device, "laptop"), new Permits.Nonce()).nonce();
    Bundle answered = bundle.withBeacon(answer(8, Workshop.TIME + 50, nonce));
    assertThat(update(device, workshop.material(next, answered)))
        .isEqualTo(new UpdateResult.Reached());
    // What was said to this device alone does not go on to others; what was said to all does.
    assertThat(device.trust().orElseThrow().news().orElseThrow().signed()).isEmpty();
  }

  @Test
  void the_answer_to_a_nonce_is_not_passed_on_and_so_stops_no_neighbour() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.STRICT, Set.of(Role.RELEASE));
    Bundle bundle = workshop.signed(next, 2);
    Bytes nonce = answered(client(device, "laptop"), new Permits.Nonce()).nonce();
    update(device, workshop.material(next, bundle.withBeacon(answer(8, Workshop.TIME, nonce))));
    UpdateMaterial shared =
        switch (device.sharing()) {
          case Sharing.Ready(var material) -> material;
          case Sharing.Cannot(var reason) -> throw new AssertionError(reason);
        };
    assertThat(Bundle.decode(shared.release().orElseThrow().bundle()).beacon()).isEmpty();
    Permits.HaveReply have = answered(client(device, "looker"), new Permits.Have());
    assertThat(have.releases().getFirst().beacon()).isZero();
    // One that has heard of the same day by itself, with a release that too few have signed.
    VirtualDevice neighbour = device(Terms.Freshness.Mode.BOUNDED, Set.of(Role.RELEASE));
    Bundle halfSigned = workshop.release(next, 2).signedBy(workshop.alice);
    UpdateMaterial news = workshop.material(next, halfSigned.withBeacon(beacon(8, Workshop.TIME)));
    assertThat(refusal(update(neighbour, news))).contains(Refusal.R4);
    assertThat(update(neighbour, shared)).isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void what_is_staged_waits_for_its_day() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, RELEASE_AND_APPROVE);
    long opens = Workshop.TIME + 3600;
    UpdateMaterial material = approved(new ActivationRule.AtOnce(), Optional.of(opens));
    assertThat(refusal(update(device, material))).contains(Refusal.R30);
    assertThat(device.stage()).contains(Gate.Stage.STAGED);
    device.serverTime(opens + 1);
    assertThat(update(device, material)).isEqualTo(new UpdateResult.Reached());
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
  }

  @Test
  void somebody_at_the_device_can_be_asked() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, RELEASE_AND_APPROVE);
    UpdateMaterial material = approved(new ActivationRule.OnConsent(), Optional.empty());
    assertThat(refusal(update(device, material))).contains(Refusal.R30);
    device.consent();
    assertThat(update(device, material)).isEqualTo(new UpdateResult.Reached());
  }

  private Permits.SessionReply bring(
      VirtualDevice device, DeviceId forDevice, Bytes nonce, Action... actions) throws IOException {
    Signed<Session> session =
        Signed.unsigned(new Session(forDevice, nonce, Set.of(actions), Optional.empty(), 300))
            .signedBy(workshop.technician);
    Bytes message = SessionCheck.encode(session, List.of());
    SmpClient client = client(device, "technician");
    return switch (client.upload(
        new ChunkedContent.SessionPermit(message), new Frame(512, 2), (_, _) -> {})) {
      case SmpClient.Delivery.Delivered(Permits.SessionReply reply) -> reply;
      case SmpClient.Delivery other -> throw new AssertionError(other);
    };
  }

  @Test
  void a_technician_may_do_what_the_session_says_and_for_so_long() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, RELEASE_AND_APPROVE);
    SmpClient technician = client(device, "technician");
    DeviceId own = device.setup().identity().device();
    assertThat(technician.call(Os.Reset.plain())).isInstanceOf(Answer.Refused.class);
    Bytes nonce = answered(technician, new Permits.Nonce()).nonce();
    Permits.SessionReply reply = bring(device, own, nonce, Action.ERASE, Action.TIME);
    assertThat(reply.grant()).contains((int) Action.bits(Set.of(Action.ERASE, Action.TIME)));
    assertThat(technician.call(new Images.Erase(Optional.empty()))).isInstanceOf(Answer.Done.class);
    assertThat(technician.call(Os.Reset.plain())).isInstanceOf(Answer.Refused.class);
    // The nonce is used up.
    assertThat(bring(device, own, nonce, Action.RESET).refusal())
        .contains((long) Refusal.R17.number());
    time.pass(Duration.ofSeconds(301));
    assertThat(technician.call(new Images.Erase(Optional.empty())))
        .isInstanceOf(Answer.Refused.class);
    Bytes another = answered(technician, new Permits.Nonce()).nonce();
    assertThat(bring(device, own, another, Action.RESET).grant()).isPresent();
    assertThat(technician.call(Os.Reset.plain())).isInstanceOf(Answer.Done.class);
    // After the restart it is over.
    assertThat(technician.call(Os.Reset.plain())).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void a_session_can_start_what_waits() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, RELEASE_AND_APPROVE);
    UpdateMaterial material = approved(new ActivationRule.WithSession(), Optional.empty());
    assertThat(refusal(update(device, material))).contains(Refusal.R30);
    Bytes nonce = answered(client(device, "technician"), new Permits.Nonce()).nonce();
    bring(device, device.setup().identity().device(), nonce, Action.ACTIVATE);
    assertThat(update(device, material)).isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void an_image_that_is_not_well_goes_back_by_itself_and_not_for_ever() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, Set.of(Role.RELEASE));
    UpdateMaterial material = workshop.material(next, 2);
    time.selfTest(SelfTest.Result.FAILED);
    for (int i = 0; i < Terms.TRIES_DEFAULT; i++) {
      assertThat(update(device, material)).isInstanceOf(UpdateResult.Stopped.class);
      assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(old.hash());
      assertThat(device.trust().orElseThrow().tries().orElseThrow().count()).isEqualTo(i + 1);
    }
    time.selfTest(SelfTest.Result.PASSED);
    assertThat(refusal(update(device, material))).contains(Refusal.R12);
    // A higher one is another matter.
    assertThat(update(device, workshop.material(workshop.image(2, 9_500), 3)))
        .isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void an_image_on_trial_waits_for_its_server_where_the_root_says_so() throws Exception {
    Terms terms =
        Terms.standard(Workshop.TIME, Terms.Freshness.Mode.OPEN)
            .with(Terms.ConfirmRule.SELF_TEST_AND_CONTACT);
    VirtualDevice device = device(workshop.root(1, terms));
    assertThat(update(device, workshop.material(next, 2))).isInstanceOf(UpdateResult.Stopped.class);
    assertThat(device.stage()).contains(Gate.Stage.ON_TRIAL);
    device.serverTime(Workshop.TIME + 10);
    device.tick();
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
  }

  @Test
  void the_next_root_comes_with_a_bundle_and_stays_after_a_restart() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, Set.of(Role.RELEASE));
    Root second =
        workshop.root(
            2,
            Terms.standard(Workshop.TIME, Terms.Freshness.Mode.OPEN),
            List.of(Set.of(Role.RELEASE), Set.of(Role.ROOT)));
    Signed<Root> update = Signed.unsigned(second).signedBy(workshop.rootKey);
    Bundle bundle = workshop.signed(next, 2).withRootUpdates(List.of(update));
    assertThat(update(device, workshop.material(next, bundle)))
        .isEqualTo(new UpdateResult.Reached());
    assertThat(device.trust().orElseThrow().root()).isEqualTo(second);
    device.powerOn();
    assertThat(device.trust().orElseThrow().root()).isEqualTo(second);
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
  }

  @Test
  void a_restarted_upload_goes_on_where_the_pages_are_right() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, Set.of(Role.RELEASE));
    UpdateMaterial genuine = workshop.material(next, 2);
    byte[] wrong = genuine.image().toArray();
    wrong[9_000] ^= 1;
    update(device, Workshop.poisoned(genuine, Bytes.of(wrong)));
    for (int i = 0; i < 100; i++) {
      device.powerOn();
      int before = device.flash().use().erases();
      update(device, Workshop.poisoned(genuine, Bytes.of(wrong)));
      // Two whole pages lie there and are not touched again.
      assertThat(device.flash().use().erases()).as("restart %d", i).isEqualTo(before);
    }
    assertThat(update(device, genuine)).isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void another_link_has_to_wait_for_its_turn_and_gets_it() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, Set.of(Role.RELEASE));
    UpdateMaterial genuine = workshop.material(next, 2);
    SmpClient one = client(device, "one");
    SmpClient two = client(device, "two");
    Bytes bundle = genuine.release().orElseThrow().bundle();
    one.upload(new ChunkedContent.PermitBundle(bundle), new Frame(512, 2), (_, _) -> {});
    one.upload(
        new ChunkedContent.PermitTable(Workshop.table(genuine)), new Frame(512, 2), (_, _) -> {});
    assertThat(
            two.upload(new ChunkedContent.Image(genuine.image()), new Frame(512, 2), (_, _) -> {}))
        .isInstanceOfSatisfying(
            SmpClient.Delivery.Refused.class,
            refused ->
                assertThat(refused.refusal().reason()).isEqualTo(new Answer.OfGroup(1000, 25)));
    assertThat(two.call(new Permits.Drop())).isInstanceOf(Answer.Refused.class);
    time.pass(Possession.KEPT.plusSeconds(1));
    assertThat(
            two.upload(new ChunkedContent.Image(genuine.image()), new Frame(512, 2), (_, _) -> {}))
        .isInstanceOf(SmpClient.Delivery.Delivered.class);
  }

  /// Somebody whose upload broke off comes back from another port, as everybody over UDP does.
  @Test
  void an_update_begun_again_over_another_link_waits_and_comes_to_its_end() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, Set.of(Role.RELEASE));
    UpdateMaterial genuine = workshop.material(next, 2);
    SmpClient one = client(device, "one");
    Bytes bundle = genuine.release().orElseThrow().bundle();
    one.upload(new ChunkedContent.PermitBundle(bundle), new Frame(512, 2), (_, _) -> {});
    one.upload(
        new ChunkedContent.PermitTable(Workshop.table(genuine)), new Frame(512, 2), (_, _) -> {});
    assertThat(
            new Updater(client(device, "two"), genuine, time::pass, _ -> {}).run(Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
  }

  @Test
  void who_is_willing_carries_what_is_for_others_and_never_runs_it() throws Exception {
    Root root =
        workshop.root(
            1,
            Terms.standard(Workshop.TIME, Terms.Freshness.Mode.OPEN),
            List.of(RELEASE_AND_APPROVE));
    VirtualDevice device =
        workshop.device(
            old,
            workshop.setup(Optional.of(root)).deployed(workshop.plant).with(Carrying.WILLING),
            time.surroundings());
    Bundle bundle = workshop.signed(next, 2);
    Signed<Endorsement> forOthers =
        Signed.unsigned(
                new Endorsement(
                    Workshop.digest(bundle),
                    workshop.plant,
                    Targets.Listed.of(List.of(DeviceId.of(workshop.vendor, "77"))),
                    Optional.empty(),
                    Optional.empty(),
                    1,
                    new ActivationRule.AtOnce()))
            .signedBy(workshop.approver);
    UpdateMaterial material = workshop.material(next, bundle.withEndorsements(List.of(forOthers)));
    assertThat(refusal(update(device, material))).contains(Refusal.R10);
    // The bytes are there, and the device knows that they are not for itself.
    assertThat(device.image(Slot.SECONDARY).flatMap(Image::hash)).isEqualTo(next.hash());
    assertThat(device.trust().orElseThrow().known()).isEmpty();
    device.powerOn();
    assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(old.hash());
    assertThat(refusal(update(device, material))).contains(Refusal.R10);
  }

  private UpdateMaterial forOthers(Image image, long number) {
    Bundle bundle = workshop.signed(image, number);
    Signed<Endorsement> word =
        Signed.unsigned(
                new Endorsement(
                    Workshop.digest(bundle),
                    workshop.plant,
                    Targets.Listed.of(List.of(DeviceId.of(workshop.vendor, "77"))),
                    Optional.empty(),
                    Optional.empty(),
                    number,
                    new ActivationRule.AtOnce()))
            .signedBy(workshop.approver);
    return workshop.material(image, bundle.withEndorsements(List.of(word)));
  }

  @Test
  void what_runs_already_is_not_taken_along_for_others() throws Exception {
    Root root =
        workshop.root(
            1,
            Terms.standard(Workshop.TIME, Terms.Freshness.Mode.OPEN),
            List.of(RELEASE_AND_APPROVE));
    VirtualDevice device =
        workshop.device(
            old,
            workshop.setup(Optional.of(root)).deployed(workshop.plant).with(Carrying.WILLING),
            time.surroundings());
    assertThat(bundleOnly(device, "peer", forOthers(old, 2))).contains(Refusal.R10.number());
    device.powerOn();
    assertThat(device.isRunning()).isTrue();
    assertThat(device.stage()).contains(Gate.Stage.IDLE);
  }

  private Optional<Integer> bundleOnly(VirtualDevice device, String name, UpdateMaterial material)
      throws IOException {
    return switch (client(device, name)
        .upload(
            new ChunkedContent.PermitBundle(material.release().orElseThrow().bundle()),
            new Frame(512, 2),
            (_, _) -> {})) {
      case SmpClient.Delivery.Delivered(Permits.PartReply reply) ->
          reply.refusal().map(Long::intValue).filter(number -> number != 0);
      case SmpClient.Delivery other -> throw new AssertionError(other);
    };
  }

  /// T61: what is staged does not run any more once it is known to be bad.
  @Test
  void a_halt_stops_what_is_staged() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, Set.of(Role.RELEASE));
    UpdateMaterial bad = workshop.material(next, 2);
    assertThat(new Updater(client(device, "laptop"), bad, time::pass, _ -> {}).run(Ending.STAGED))
        .isEqualTo(new UpdateResult.Reached());
    Beacon halt =
        new Beacon(
            9,
            Workshop.TIME,
            86_400,
            new TreeMap<>(
                java.util.Map.of(
                    workshop.lamp.tag(),
                    new Beacon.Standing(
                        new SequenceNumber(1, 3), new SequenceNumber(1, 9), Bytes.filled(8, 9)))),
            1,
            Optional.empty(),
            List.of());
    time.pass(Duration.ofMinutes(1));
    Bundle same =
        workshop.signed(next, 2).withBeacon(Signed.unsigned(halt).signedBy(workshop.freshness));
    assertThat(bundleOnly(device, "laptop", workshop.material(next, same)))
        .contains(Refusal.R12.number());
    assertThat(client(device, "laptop").call(Images.SetState.test(next.hash().orElseThrow())))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo(new Answer.OfGroup(1000, Refusal.R12.number())));
  }

  @Test
  void what_nobody_has_signed_is_no_reason_to_write_to_flash() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, Set.of(Role.RELEASE));
    Bundle bundle = workshop.signed(next, 2);
    UpdateMaterial material = workshop.material(next, bundle);
    assertThat(bundleOnly(device, "laptop", material)).isEmpty();
    int before = device.flash().use().operations();
    Bundle hinted = bundle.withHint(new Bundle.Hint(workshop.lamp.tag(), new SequenceNumber(1, 2)));
    assertThat(bundleOnly(device, "laptop", workshop.material(next, hinted))).isEmpty();
    assertThat(device.flash().use().operations()).isEqualTo(before);
    // And giving up and beginning again has an end.
    int begun = 0;
    SmpClient laptop = client(device, "laptop");
    for (int i = 0; i < 40; i++) {
      laptop.call(new Permits.Drop());
      time.pass(Duration.ofMinutes(1));
      if (bundleOnly(device, "laptop", material).isEmpty()) {
        begun++;
      }
    }
    assertThat(begun).isLessThan(Wear.PER_RELEASE);
  }

  @Test
  void what_is_installed_is_still_held_after_something_newer_was_given_up() throws Exception {
    VirtualDevice device = device(Terms.Freshness.Mode.OPEN, Set.of(Role.RELEASE));
    update(device, workshop.material(next, 2));
    assertThat(bundleOnly(device, "laptop", workshop.material(workshop.image(3, 9_000), 3)))
        .isEmpty();
    client(device, "laptop").call(new Permits.Drop());
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
    assertThat(device.sharing()).isInstanceOf(Sharing.Ready.class);
    device.powerOn();
    assertThat(device.sharing()).isInstanceOf(Sharing.Ready.class);
  }
}
