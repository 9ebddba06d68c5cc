// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.BootMode;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.Caution;
import dev.sealift.update.Forecast;
import dev.sealift.update.Gate;
import dev.sealift.update.Step;
import dev.sealift.update.UpdateEvent;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Tells a person, or a machine, how an update goes.
final class UpdateTalk {
  private final Console console;
  private final SmpClient client;
  private final UpdateMaterial material;
  private final Caution caution;
  private final String prefix;
  private Optional<Progress> progress = Optional.empty();

  UpdateTalk(Console console, SmpClient client, UpdateMaterial material) {
    this(console, client, material, Caution.NONE);
  }

  UpdateTalk(Console console, SmpClient client, UpdateMaterial material, Caution caution) {
    this(console, client, material, caution, "  ");
  }

  /// `prefix` stands before every line: with several devices at once it says which.
  UpdateTalk(
      Console console, SmpClient client, UpdateMaterial material, Caution caution, String prefix) {
    this.prefix = prefix;
    this.caution = caution;
    this.console = console;
    this.client = client;
    this.material = material;
  }

  Outcome until(Wanted.Ending ending) throws IOException {
    UpdateResult result = updater().run(ending);
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

  /// What would be done, and on what grounds.
  Outcome foretold(Wanted.Ending ending) throws IOException {
    Forecast forecast = updater().foresee(ending);
    List<String> lines = new ArrayList<>();
    lines.add(client.target() + ", as it is now:");
    DeviceCommand.listed(forecast.known().slots()).lines().forEach(line -> lines.add("  " + line));
    if (forecast.known().mode() != BootMode.UNKNOWN) {
      lines.add("  its bootloader: " + kebab(forecast.known().mode().name()));
    }
    lines.add(
        switch (forecast.known().gate()) {
          case Gate.Open() -> "  no agent guards it";
          case Gate.Guarded guarded -> "  an agent guards it: " + kebab(guarded.stage().name());
        });
    lines.add("it would be asked to, if it agrees each time:");
    List<CborItem> steps = new ArrayList<>();
    boolean stops = false;
    for (Step step : forecast.steps()) {
      steps.add(new CborText(name(step)));
      switch (step) {
        case Step.Finished _ -> lines.add("and then: " + words(ending));
        case Step.Stop(var reason) -> {
          lines.add("and then it would stop: " + reason);
          stops = true;
        }
        default -> lines.add("  " + words(step));
      }
    }
    return new Outcome(
        stops ? Exit.REFUSED : Exit.DONE,
        lines,
        CborMap.builder()
            .put("target", client.target())
            .put("bootloader", kebab(forecast.known().mode().name()))
            .put("steps", new CborList(steps))
            .build());
  }

  private static String kebab(String name) {
    return name.toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static String name(Step step) {
    return step.getClass().getSimpleName();
  }

  private Updater updater() {
    return new Updater(client, material, caution, UpdateTalk::pass, this::tell);
  }

  private void tell(UpdateEvent event) {
    switch (event) {
      case UpdateEvent.Warned(var hazard) -> {
        console.say(prefix + DeviceVerdict.warning(hazard));
        console.event(
            CborMap.builder()
                .put("target", client.target())
                .put("warning", DeviceVerdict.code(hazard))
                .put("sentence", hazard.words())
                .build());
      }
      case UpdateEvent.Begun(Step.Finished _), UpdateEvent.Begun(Step.Stop _) -> {}
      case UpdateEvent.Begun(var step) -> {
        console.say(prefix + words(step));
        console.event(
            CborMap.builder().put("target", client.target()).put("step", name(step)).build());
      }
      case UpdateEvent.Sent(var acknowledged, var total) -> {
        if (progress.isEmpty()) {
          progress =
              Optional.of(
                  new Progress(
                      console,
                      prefix + "image",
                      prefix.isBlank() ? Progress.Company.ALONE : Progress.Company.AMONG_OTHERS,
                      System::nanoTime));
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
