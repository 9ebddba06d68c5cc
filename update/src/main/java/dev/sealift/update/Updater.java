// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.boot.Hazard;
import dev.sealift.permit.Refusal;
import dev.sealift.smp.Answer;
import dev.sealift.smp.ChunkedContent;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Group;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.transport.DeviceSilentException;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Consumer;

/// Carries an update out: asks the device, asks the plan, does the step, and begins again. All
/// cleverness is in [Plan]; this loop only obeys and is bounded.
public final class Updater {
  /// Waits between two looks at a device that restarts.
  @FunctionalInterface
  public interface Pause {
    void pass(Duration time) throws IOException;
  }

  /// More steps than any update needs; reached only by a device that changes its mind.
  private static final int STEPS_MAX = 200;

  private static final Duration BOOT_PAUSE = Duration.ofMillis(300);

  /// A swap of large slots takes a minute on slow flash.
  private static final int BOOT_LOOKS_MAX = 300;

  private final SmpClient client;
  private final UpdateMaterial material;
  private final Caution caution;
  private final Pause pause;
  private final Consumer<UpdateEvent> listener;

  public Updater(
      SmpClient client, UpdateMaterial material, Pause pause, Consumer<UpdateEvent> listener) {
    this(client, material, Caution.NONE, pause, listener);
  }

  public Updater(
      SmpClient client,
      UpdateMaterial material,
      Caution caution,
      Pause pause,
      Consumer<UpdateEvent> listener) {
    this.client = client;
    this.material = material;
    this.caution = caution;
    this.pause = pause;
    this.listener = listener;
  }

  public UpdateResult run(Wanted.Ending ending) throws IOException {
    caution.hazards().forEach(hazard -> listener.accept(new UpdateEvent.Warned(hazard)));
    Optional<Hazard> fatal = caution.fatal();
    if (fatal.isPresent()) {
      return new UpdateResult.Stopped(fatal.get().words());
    }
    Wanted wanted = material.wanted(ending);
    Frame frame = client.frame();
    Known.Asked asked = Known.Asked.NOTHING;
    int looks = 0;
    for (int i = 0; i < STEPS_MAX + BOOT_LOOKS_MAX; i++) {
      Optional<Known> known = look(asked);
      Step step = known.map(state -> Plan.next(wanted, state)).orElseGet(Step.AwaitBoot::new);
      if (step instanceof Step.AwaitBoot) {
        if (looks++ == 0) {
          listener.accept(new UpdateEvent.Begun(step));
        }
        if (looks > BOOT_LOOKS_MAX) {
          return new UpdateResult.Stopped("the device did not restart");
        }
        pause.pass(BOOT_PAUSE);
        continue;
      }
      listener.accept(new UpdateEvent.Begun(step));
      Optional<UpdateResult> end = carryOut(step, frame);
      if (end.isPresent()) {
        return end.get();
      }
      if (step instanceof Step.Reset) {
        asked = Known.Asked.RESET;
      }
    }
    return new UpdateResult.Stopped("the device does not come to an end");
  }

  /// What the device says; nothing while it restarts.
  private Optional<Known> look(Known.Asked asked) throws IOException {
    try {
      return Optional.of(DeviceReader.read(client, asked));
    } catch (DeviceSilentException e) {
      if (asked == Known.Asked.RESET) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<UpdateResult> carryOut(Step step, Frame frame) throws IOException {
    return switch (step) {
      case Step.SendBundle _ -> sendBundle(step, frame);
      case Step.SendTable _ -> sendTable(step, frame);
      case Step.SendImage _ ->
          delivered(
              step,
              client.upload(
                  new ChunkedContent.Image(material.image()),
                  frame,
                  (acknowledged, total) ->
                      listener.accept(new UpdateEvent.Sent(acknowledged, total))));
      case Step.MarkTest _ -> asked(step, Images.SetState.test(material.imageHash()));
      case Step.Reset _ -> asked(step, Os.Reset.plain());
      case Step.Confirm _ -> asked(step, Images.SetState.confirmRunning());
      case Step.AwaitBoot _ -> Optional.empty();
      case Step.Finished _ -> Optional.of(new UpdateResult.Reached());
      case Step.Stop(var reason) -> Optional.of(new UpdateResult.Stopped(reason));
    };
  }

  private Optional<UpdateResult> sendBundle(Step step, Frame frame) throws IOException {
    if (material.release().isEmpty()) {
      return Optional.of(new UpdateResult.Stopped("the plan asks for a permit, there is none"));
    }
    return delivered(
        step,
        client.upload(
            new ChunkedContent.PermitBundle(material.release().get().bundle()),
            frame,
            (_, _) -> {}));
  }

  private Optional<UpdateResult> sendTable(Step step, Frame frame) throws IOException {
    if (material.release().isEmpty()) {
      return Optional.of(new UpdateResult.Stopped("the device asks for the table of a release"));
    }
    return delivered(
        step,
        client.upload(
            new ChunkedContent.PermitTable(material.release().get().table()), frame, (_, _) -> {}));
  }

  private static Optional<UpdateResult> delivered(Step step, SmpClient.Delivery delivery) {
    return switch (delivery) {
      case SmpClient.Delivery.Delivered(Permits.PartReply part)
          when part.refusal().orElse(0L) != 0 ->
          Optional.of(refused(step, part.refusal().orElse(0L), part.reason().orElse("")));
      case SmpClient.Delivery.Delivered _ -> Optional.empty();
      case SmpClient.Delivery.Refused(var refusal) -> Optional.of(refused(step, refusal.reason()));
      case SmpClient.Delivery.Stuck(var offset) ->
          Optional.of(
              new UpdateResult.Stopped(
                  "the device answers and takes nothing beyond byte " + offset));
    };
  }

  private <R extends Reply> Optional<UpdateResult> asked(Step step, Request<R> request)
      throws IOException {
    return switch (client.call(request)) {
      case Answer.Done<R> _ -> Optional.empty();
      case Answer.Refused<R> refused -> Optional.of(refused(step, refused.reason()));
    };
  }

  private static UpdateResult refused(Step step, Answer.Reason reason) {
    return reason instanceof Answer.OfGroup(var group, var code) && group == Group.PERMIT.number()
        ? refused(step, code, "")
        : new UpdateResult.Denied(step, reason.explain());
  }

  private static UpdateResult refused(Step step, long number, String detail) {
    return Refusal.ofNumber(Math.clamp(number, 0, 0xffff))
        .<UpdateResult>map(refusal -> new UpdateResult.Refused(step, refusal, detail))
        .orElseGet(() -> new UpdateResult.Denied(step, "refusal number " + number));
  }
}
