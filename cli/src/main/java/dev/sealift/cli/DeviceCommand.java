// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.Refusal;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Group;
import dev.sealift.smp.Images;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.DeviceReader;
import dev.sealift.update.SlotReport;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// One device, over SMP.
@Command(
    name = "device",
    description = "Look at a device and update it.",
    subcommands = {
      DeviceScan.class,
      DeviceInfo.class,
      DeviceCommand.ImageList.class,
      DeviceUpload.class,
      DeviceUpdate.class,
      DeviceNonce.class,
      DeviceSession.class,
      DeviceHave.class,
      DevicePair.class,
      DeviceForget.class,
      DeviceCommand.Test.class,
      DeviceCommand.Confirm.class,
      DeviceReset.class,
      DeviceErase.class,
      DeviceErase.Storage.class,
      DeviceFiles.class,
      DeviceSettings.class,
      DeviceShell.class,
      DeviceStat.class,
      DeviceLog.class,
      DeviceDatetime.class,
      DeviceGroups.class,
      DeviceSystem.Params.class,
      DeviceSystem.Tasks.class,
      DeviceSystem.Pools.class,
      DeviceSystem.Echo.class,
      DeviceCrash.class
    })
final class DeviceCommand extends Noun {

  /// What is done with a device while the link is open.
  @FunctionalInterface
  interface Talk {
    Outcome with(SmpClient client) throws IOException;
  }

  static Outcome talk(To to, Talk talk) {
    try (SmpClient client = to.open()) {
      return talk.with(client);
    } catch (IOException e) {
      throw Failure.world(Files.reason(e)).hint("is the device on, and is the target right?");
    }
  }

  static <R extends Reply> R ask(SmpClient client, Request<R> request, String what)
      throws IOException {
    return switch (client.call(request)) {
      case Answer.Done<R>(var result) -> result;
      case Answer.Refused<R>(var reason, _) -> throw refused(client, what, reason);
    };
  }

  static Failure refused(SmpClient client, String what, Answer.Reason reason) {
    return Failure.refused("%s refuses to %s: %s".formatted(client.target(), what, words(reason)))
        .hint(remedy(reason));
  }

  /// A command that the agent holds back needs a technician's permit or none helps.
  private static String remedy(Answer.Reason reason) {
    return refusal(reason)
        .map(
            refusal ->
                switch (refusal) {
                  case R18, R26 -> Remedies.of(Refusal.R26);
                  default -> Remedies.of(refusal);
                })
        .orElseGet(() -> DeviceHints.of(reason));
  }

  private static Optional<Refusal> refusal(Answer.Reason reason) {
    return reason instanceof Answer.OfGroup(var group, var code) && group == Group.PERMIT.number()
        ? Refusal.ofNumber(code)
        : Optional.empty();
  }

  /// The refusals of our own group have names that `smp` does not know.
  static String words(Answer.Reason reason) {
    if (reason instanceof Answer.OfGroup(var group, var code) && group == Group.PERMIT.number()) {
      return Refusal.ofNumber(code)
          .map(refusal -> "%s, %s".formatted(refusal, refusal.code()))
          .orElse("R" + code);
    }
    return DeviceWords.line(reason.explain());
  }

  static <R extends Reply> Optional<R> optional(SmpClient client, Request<R> request)
      throws IOException {
    return switch (client.call(request)) {
      case Answer.Done<R>(var result) -> Optional.of(result);
      case Answer.Refused<R> _ -> Optional.empty();
    };
  }

  /// Lists the images in a device.
  @Command(
      name = "images",
      description = "List the images in a device's slots.",
      footer = {"", "Example: sealift device images --to udp://192.0.2.7"})
  static final class ImageList extends Verb {
    @Mixin private To to = new To();

    ImageList(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return talk(to, client -> listed(DeviceReader.slots(client)));
    }
  }

  static Outcome listed(List<SlotReport> slots) {
    List<String> lines = new ArrayList<>();
    List<CborItem> json = new ArrayList<>();
    boolean several = slots.stream().anyMatch(slot -> slot.image() != 0);
    for (SlotReport slot : slots) {
      lines.add(
          "%sslot %d  %-10s  %s  %s"
              .formatted(
                  several ? "image %d  ".formatted(slot.image()) : "",
                  slot.slot(),
                  slot.version(),
                  words(slot.use()),
                  slot.hash().toHex()));
      json.add(
          CborMap.builder()
              .put("image", slot.image())
              .put("slot", slot.slot())
              .put("version", slot.version())
              .put("use", words(slot.use()).strip())
              .put("hash", slot.hash().toHex())
              .build());
    }
    if (lines.isEmpty()) {
      lines.add("no images");
    }
    return Outcome.done(lines, CborMap.builder().put("slots", new CborList(json)).build());
  }

  private static String words(SlotReport.Use use) {
    return switch (use) {
      case RUNNING_CONFIRMED -> "runs, confirmed   ";
      case RUNNING_ON_TRIAL -> "runs, on trial    ";
      case PENDING_TEST -> "boots next, trial ";
      case PENDING_PERMANENT -> "boots next        ";
      case IDLE -> "rests             ";
    };
  }

  /// Asks for an image to be tried at the next boot.
  @Command(
      name = "test",
      description = "Ask that the image in the second slot boots next, on trial.",
      footer = {"", "Example: sealift device test --to udp://192.0.2.7"})
  static final class Test extends Verb {
    @Mixin private To to = new To();

    @Parameters(
        arity = "0..1",
        paramLabel = "HASH",
        description = "the image's digest in hex; what rests in the second slot unless told")
    private @Nullable String hash;

    Test(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return talk(
          to,
          client -> {
            Bytes wanted = hash == null ? resting(client) : parsed(hash);
            ask(client, Images.SetState.test(wanted), "test the image " + wanted);
            return listed(DeviceReader.slots(client));
          });
    }

    private static Bytes resting(SmpClient client) throws IOException {
      return DeviceReader.slots(client).stream()
          .filter(slot -> !slot.isRunning())
          .map(SlotReport::hash)
          .findFirst()
          .orElseThrow(() -> Failure.refused("there is no image in the second slot"));
    }

    private static Bytes parsed(String hex) {
      try {
        return Bytes.ofHex(hex);
      } catch (IllegalArgumentException _) {
        throw Failure.usage("HASH must be hexadecimal digits, is '" + hex + "'");
      }
    }
  }

  /// Confirms the running image.
  @Command(
      name = "confirm",
      description = "Confirm the running image, so that it stays.",
      footer = {"", "Example: sealift device confirm --to udp://192.0.2.7"})
  static final class Confirm extends Verb {
    @Mixin private To to = new To();

    Confirm(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return talk(
          to,
          client -> {
            ask(client, Images.SetState.confirmRunning(), "confirm the running image");
            return listed(DeviceReader.slots(client));
          });
    }
  }
}
