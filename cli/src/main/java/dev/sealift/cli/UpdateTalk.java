// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.Caution;
import dev.sealift.update.Step;
import dev.sealift.update.UpdateEvent;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Tells a person, or a machine, how an update goes.
final class UpdateTalk {
  private final Console console;
  private final SmpClient client;
  private final UpdateMaterial material;
  private final Caution caution;
  private Optional<Progress> progress = Optional.empty();

  UpdateTalk(Console console, SmpClient client, UpdateMaterial material) {
    this(console, client, material, Caution.NONE);
  }

  UpdateTalk(Console console, SmpClient client, UpdateMaterial material, Caution caution) {
    this.caution = caution;
    this.console = console;
    this.client = client;
    this.material = material;
  }

  Outcome until(Wanted.Ending ending) throws IOException {
    UpdateResult result =
        new Updater(client, material, caution, UpdateTalk::pass, this::tell).run(ending);
    return switch (result) {
      case UpdateResult.Reached() ->
          Outcome.done(
              "%s: %s".formatted(client.target(), words(ending)),
              CborMap.builder()
                  .put("target", client.target())
                  .put("result", "done")
                  .put("hash", material.imageHash().toHex())
                  .build());
      case UpdateResult.Refused(var at, var refusal, var detail) ->
          throw Failure.refused(
                  "%s refuses to %s: %s"
                      .formatted(
                          client.target(),
                          words(at),
                          refusal
                              + ", "
                              + (detail.isEmpty() ? refusal.code().replace('-', ' ') : detail)))
              .hint(Remedies.of(refusal));
      case UpdateResult.Denied(var at, var reason) ->
          throw Failure.refused(
              "%s refuses to %s: %s".formatted(client.target(), words(at), reason));
      case UpdateResult.Stopped(var reason) ->
          throw Failure.refused("the update of %s stopped: %s".formatted(client.target(), reason));
    };
  }

  private void tell(UpdateEvent event) {
    switch (event) {
      case UpdateEvent.Warned(var hazard) -> {
        console.say("  " + DeviceVerdict.warning(hazard));
        console.event(
            CborMap.builder()
                .put("warning", DeviceVerdict.code(hazard))
                .put("sentence", hazard.words())
                .build());
      }
      case UpdateEvent.Begun(Step.Finished _), UpdateEvent.Begun(Step.Stop _) -> {}
      case UpdateEvent.Begun(var step) -> {
        console.say("  " + words(step));
        console.event(CborMap.builder().put("step", step.getClass().getSimpleName()).build());
      }
      case UpdateEvent.Sent(var acknowledged, var total) -> {
        if (progress.isEmpty()) {
          progress = Optional.of(new Progress(console, "image", System::nanoTime));
        }
        progress.get().at(acknowledged, total);
      }
    }
  }

  private static void pass(java.time.Duration time) throws IOException {
    try {
      TimeUnit.NANOSECONDS.sleep(time.toNanos());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted while the device restarts", e);
    }
  }

  private static String words(Step step) {
    return switch (step) {
      case Step.SendBundle _ -> "take the permit";
      case Step.SendTable _ -> "take the block table";
      case Step.SendImage _ -> "take the image";
      case Step.MarkTest _ -> "boot the image next, on trial";
      case Step.Reset _ -> "restart";
      case Step.AwaitBoot _ -> "come back";
      case Step.AwaitTrial _ -> "keep the image, once its self-test has passed";
      case Step.Confirm _ -> "confirm the image";
      case Step.Finished _ -> "be done";
      case Step.Stop _ -> "go on";
    };
  }

  private static String words(Wanted.Ending ending) {
    return switch (ending) {
      case STAGED -> "the image is there, nothing is marked";
      case MARKED -> "the image boots next, on trial";
      case ON_TRIAL -> "the image runs on trial; unless it is confirmed the next boot reverts";
      case CONFIRMED -> "the image runs and is confirmed";
    };
  }
}
