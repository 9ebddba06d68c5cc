// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.Terms;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.Gate;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Says what a device is.
@Command(
    name = "info",
    description = "Say what a device is, what its server can do and what its agent knows.",
    footer = {"", "Example: sealift device info --to udp://192.0.2.7"})
final class DeviceInfo extends Verb {
  @Mixin private To to = new To();

  DeviceInfo(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    return DeviceCommand.talk(to, client -> new Finding(client).outcome());
  }

  /// What is found out, line by line.
  private static final class Finding {
    private final SmpClient client;
    private final List<String> lines = new ArrayList<>();
    private final CborMap.Builder json = CborMap.builder();

    Finding(SmpClient client) {
      this.client = client;
    }

    Outcome outcome() throws IOException {
      add("target", client.target());
      client.remarks().forEach(remark -> line("link", remark));
      json.put(
          "link", new CborList(client.remarks().stream().<CborItem>map(CborText::new).toList()));
      server();
      Optional<Permits.InfoReply> guard = DeviceCommand.optional(client, new Permits.Info());
      if (guard.isEmpty()) {
        line("agent", "none: this device takes firmware from anybody");
        json.put("agent", false);
      } else {
        line("agent", "guards this device: nothing is written without a permit");
        json.put("agent", true);
        agent(guard.get());
        status();
      }
      return Outcome.done(lines, json.build());
    }

    private void server() throws IOException {
      DeviceCommand.optional(client, new Os.Info(Optional.of("s")))
          .ifPresent(info -> add("system", DeviceWords.line(info.output())));
      DeviceCommand.optional(client, new Os.Bootloader(Optional.empty()))
          .flatMap(Os.BootloaderReply::bootloader)
          .ifPresent(name -> add("bootloader", DeviceWords.line(name)));
      DeviceCommand.optional(client, new Os.Parameters())
          .ifPresent(
              parameters -> {
                line(
                    "buffers",
                    "%d of %d bytes".formatted(parameters.bufferCount(), parameters.bufferSize()));
                json.put("buf_size", parameters.bufferSize())
                    .put("buf_count", parameters.bufferCount());
              });
    }

    private void agent(Permits.InfoReply info) {
      add("vendor", new VendorId(info.vendor()).toString());
      add("class", new ClassId(info.deviceClass()).toString());
      info.device().ifPresent(id -> add("device", new DeviceId(id).toString()));
      info.deployment()
          .ifPresentOrElse(
              id -> add("deployment", new DeploymentId(id).toString()),
              () -> line("deployment", "none"));
      line("root", "version %d, epoch %d".formatted(info.root(), info.epoch()));
      json.put("root", info.root()).put("epoch", info.epoch());
      info.mode()
          .ifPresent(
              mode ->
                  add(
                      "mode",
                      Terms.Freshness.Mode.ofId(mode)
                          .map(Terms.Freshness.Mode::toString)
                          .orElse("number " + mode)));
      info.rooms()
          .forEach(
              room -> line("room", "%d bytes for image %d".formatted(room.size(), room.image())));
      json.put(
              "rooms",
              new CborList(
                  info.rooms().stream()
                      .<CborItem>map(
                          room ->
                              CborMap.builder()
                                  .put("image", room.image())
                                  .put("size", room.size())
                                  .build())
                      .toList()))
          .put("bundle_max", info.bundleSizeMax());
    }

    private void status() throws IOException {
      Optional<Permits.StatusReply> answer = DeviceCommand.optional(client, new Permits.Status());
      if (answer.isEmpty()) {
        return;
      }
      Permits.StatusReply status = answer.get();
      Optional<Gate.Stage> stage = Gate.Stage.ofNumber(status.stage());
      line("stage", stage.map(is -> words(is, status)).orElse("number " + status.stage()));
      json.put(
          "stage",
          stage
              .map(is -> is.name().toLowerCase(Locale.ROOT).replace('_', '-'))
              .orElse("number " + status.stage()));
      status.digest().ifPresent(digest -> add("release", digest.toHex()));
      status
          .beacon()
          .ifPresent(
              number -> {
                boolean stale = status.stale().orElse(false);
                line(
                    "beacon",
                    number == 0
                        ? "none heard yet"
                        : "number %d%s".formatted(number, stale ? ", stale" : ""));
                json.put("beacon", number).put("stale", stale);
              });
    }

    private static String words(Gate.Stage stage, Permits.StatusReply status) {
      return switch (stage) {
        case IDLE -> "idle";
        case ACCEPTED -> "a permit is accepted, its block table is wanted";
        case RECEIVING ->
            "receiving image %d, at byte %d".formatted(status.image().orElse(0), status.offset());
        case STAGED -> "an update is staged, not marked";
        case ON_TRIAL -> "an update runs on trial";
        case INSTALLED -> "its release is installed";
      };
    }

    private void line(String name, String value) {
      lines.add("%-11s %s".formatted(name, value));
    }

    private void add(String name, String value) {
      line(name, value);
      json.put(name, value);
    }
  }
}
