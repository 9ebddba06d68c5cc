// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.boot.Hazard;
import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Refusal;
import dev.sealift.smp.Answer;
import dev.sealift.smp.BootMode;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Group;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.DeviceSilentException;
import dev.sealift.transport.LinkLostException;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
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

  /// A device that answers and has its image still marked, so many looks after the reset, has not
  /// heard of it: the request was lost. One that has restarted has no such mark.
  private static final int RESET_LOOKS = 5;

  private static final Duration TRIAL_PAUSE = Duration.ofSeconds(1);

  /// An application may take minutes to find out that it is well.
  private static final int TRIAL_LOOKS_MAX = 300;

  /// How often a device may say that it has too much to do, and no longer than this each time.
  private static final int BUSY_MAX = 40;

  private static final Duration BUSY_PAUSE_MAX = Duration.ofMinutes(2);

  /// Where it has not said for how long: an upload that was broken off keeps the next one waiting
  /// for half a minute.
  private static final Duration BUSY_PAUSE = Duration.ofSeconds(5);

  private final SmpClient client;
  private final UpdateMaterial material;
  private final Caution caution;
  private final Pause pause;
  private final Consumer<UpdateEvent> listener;

  /// The device has too much to do, and has said until when.
  private Optional<Duration> pauseAsked = Optional.empty();

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
    BootMode mode = DeviceReader.mode(client);
    return new Run(material.wanted(ending), client.frame(), mode).carryOn();
  }

  /// What would be done, without doing any of it.
  public Forecast foresee(Wanted.Ending ending) throws IOException {
    Known known = DeviceReader.read(client, DeviceReader.mode(client), Known.Asked.NOTHING);
    return Forecast.of(material.wanted(ending), known);
  }

  /// One run: what it has asked of the device so far.
  private final class Run {
    private final Wanted wanted;
    private final Frame frame;
    private final BootMode mode;
    private Known.Asked asked = Known.Asked.NOTHING;
    private int bootLooks;
    private int stillUp;
    private int trialLooks;
    private int busy;
    private boolean brought;

    Run(Wanted wanted, Frame frame, BootMode mode) {
      this.wanted = wanted;
      this.frame = frame;
      this.mode = mode;
    }

    UpdateResult carryOn() throws IOException {
      for (int i = 0; i < STEPS_MAX + BOOT_LOOKS_MAX + TRIAL_LOOKS_MAX + BUSY_MAX; i++) {
        Optional<Known> known = look(mode, asked);
        Step step = known.map(state -> Plan.next(wanted, state)).orElseGet(Step.AwaitBoot::new);
        Optional<UpdateResult> end =
            switch (step) {
              case Step.AwaitBoot _ -> awaitBoot(step, known);
              case Step.AwaitTrial _ -> awaitTrial(step);
              default -> doIt(step);
            };
        if (end.isPresent()) {
          return end.get();
        }
      }
      return new UpdateResult.Stopped("the device does not come to an end");
    }

    private Optional<UpdateResult> doIt(Step step) throws IOException {
      listener.accept(new UpdateEvent.Begun(step));
      Optional<UpdateResult> end = carryOut(step, frame);
      if (step instanceof Step.Reset) {
        asked = Known.Asked.RESET;
      }
      brought |= step instanceof Step.SendBundle;
      if (step instanceof Step.MarkTest
          && !brought
          && material.release().isPresent()
          && end.filter(result -> result instanceof UpdateResult.Refused).isPresent()) {
        // The device may hold older papers of the same release: before others were meant, or until
        // an earlier day. Ours come before its answer is final.
        end = sendBundle(step, frame);
        brought = pauseAsked.isEmpty();
      }
      Optional<Duration> wait = pauseAsked;
      pauseAsked = Optional.empty();
      if (wait.isPresent() && busy++ < BUSY_MAX) {
        // It has judged nothing yet: the same step once more when its time has come.
        pause.pass(wait.get().compareTo(BUSY_PAUSE_MAX) < 0 ? wait.get() : BUSY_PAUSE_MAX);
        return Optional.empty();
      }
      return end;
    }

    private Optional<UpdateResult> awaitBoot(Step step, Optional<Known> known) throws IOException {
      if (bootLooks++ == 0) {
        listener.accept(new UpdateEvent.Begun(step));
      }
      if (bootLooks > BOOT_LOOKS_MAX) {
        return Optional.of(new UpdateResult.Stopped("the device did not restart"));
      }
      if (known.isPresent() && ++stillUp % RESET_LOOKS == 0) {
        return doIt(new Step.Reset());
      }
      pause.pass(BOOT_PAUSE);
      return Optional.empty();
    }

    private Optional<UpdateResult> awaitTrial(Step step) throws IOException {
      if (trialLooks++ == 0) {
        listener.accept(new UpdateEvent.Begun(step));
      }
      if (trialLooks > TRIAL_LOOKS_MAX) {
        return Optional.of(
            new UpdateResult.Stopped(
                "the new image runs on trial and has not kept itself: its self-test is not done, "
                    + "or it waits for its server"));
      }
      pause.pass(TRIAL_PAUSE);
      return Optional.empty();
    }
  }

  /// What the device says; nothing while it restarts.
  private Optional<Known> look(BootMode mode, Known.Asked asked) throws IOException {
    try {
      return Optional.of(DeviceReader.read(client, mode, asked));
    } catch (DeviceSilentException | LinkLostException e) {
      if (asked == Known.Asked.RESET) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private Optional<UpdateResult> carryOut(Step step, Frame frame) throws IOException {
    return switch (step) {
      case Step.SendBundle _ -> sendBundle(step, frame);
      case Step.SendTable(var image) -> sendTable(step, image, frame);
      case Step.SendImage(var hash) -> sendImage(step, hash, frame);
      case Step.MarkTest(var hash) -> asked(step, Images.SetState.test(hash));
      case Step.Reset _ -> reset(step);
      case Step.Confirm(var hash) -> confirm(step, hash);
      case Step.AwaitBoot _, Step.AwaitTrial _ -> Optional.empty();
      case Step.Finished _ -> Optional.of(new UpdateResult.Reached());
      case Step.Stop(var reason) -> Optional.of(new UpdateResult.Stopped(reason));
    };
  }

  /// A device that restarts may not come to its answer. Whether it heard the request shows when one
  /// looks.
  private Optional<UpdateResult> reset(Step step) throws IOException {
    try {
      return asked(step, Os.Reset.plain());
    } catch (DeviceSilentException | LinkLostException _) {
      return Optional.empty();
    }
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

  private Optional<UpdateResult> sendTable(Step step, int image, Frame frame) throws IOException {
    Optional<UpdateMaterial.Piece> piece = pieceFor(image);
    Optional<Bytes> table = piece.flatMap(UpdateMaterial.Piece::table);
    if (table.isEmpty()) {
      return Optional.of(new UpdateResult.Stopped("the device asks for a table of image " + image));
    }
    return delivered(
        step,
        client.upload(
            new ChunkedContent.PermitTable(table.get(), number(image)), frame, (_, _) -> {}));
  }

  /// The table is that of the variant which the device can take; it refuses another one, and the
  /// plan has then asked for the image by its digest.
  private Optional<UpdateMaterial.Piece> pieceFor(int image) throws IOException {
    List<SlotReport> slots = DeviceReader.slots(client);
    return material.pieces().stream()
        .filter(piece -> piece.place().image() == image)
        .filter(
            piece ->
                piece.place().slot().isEmpty()
                    || slots.stream()
                        .filter(slot -> slot.image() == image && slot.isRunning())
                        .allMatch(slot -> slot.slot() != piece.place().slot().get()))
        .findFirst();
  }

  private static Optional<Integer> number(int image) {
    return image == 0 ? Optional.empty() : Optional.of(image);
  }

  private Optional<UpdateResult> sendImage(Step step, Bytes hash, Frame frame) throws IOException {
    Optional<UpdateMaterial.Piece> piece = material.piece(hash);
    if (piece.isEmpty()) {
      return Optional.of(new UpdateResult.Stopped("the plan asks for an image that is not there"));
    }
    return delivered(
        step,
        client.upload(
            new ChunkedContent.Image(piece.get().image(), number(piece.get().place().image())),
            frame,
            (acknowledged, total) -> listener.accept(new UpdateEvent.Sent(acknowledged, total))));
  }

  /// Without a digest the application's own image is meant, which every server understands.
  private Optional<UpdateResult> confirm(Step step, Bytes hash) throws IOException {
    boolean isMain = material.imageHash().equals(hash);
    return asked(
        step,
        isMain
            ? Images.SetState.confirmRunning()
            : new Images.SetState(Optional.of(hash), Optional.of(true)));
  }

  private Optional<UpdateResult> delivered(Step step, SmpClient.Delivery delivery) {
    return switch (delivery) {
      case SmpClient.Delivery.Delivered(Permits.PartReply part)
          when part.refusal().orElse(0L) == Refusal.R29.number() ->
          Optional.empty();
      case SmpClient.Delivery.Delivered(Permits.PartReply part)
          when part.refusal().orElse(0L) != 0 -> {
        pauseAsked = part.retryAfter();
        yield Optional.of(refused(step, part.refusal().orElse(0L), part.reason().orElse("")));
      }
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

  private UpdateResult refused(Step step, Answer.Reason reason) {
    return reason instanceof Answer.OfGroup(var group, var code) && group == Group.PERMIT.number()
        ? refused(step, code, "")
        : new UpdateResult.Denied(step, reason.explain());
  }

  private UpdateResult refused(Step step, long number, String detail) {
    if (number == Refusal.R25.number() && pauseAsked.isEmpty()) {
      pauseAsked = Optional.of(BUSY_PAUSE);
    }
    return Refusal.ofNumber(Math.clamp(number, 0, 0xffff))
        .<UpdateResult>map(refusal -> new UpdateResult.Refused(step, refusal, detail))
        .orElseGet(() -> new UpdateResult.Denied(step, "refusal number " + number));
  }
}
