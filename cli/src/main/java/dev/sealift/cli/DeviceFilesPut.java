// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Frame;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.SmpClient;
import dev.sealift.transport.SmpClient.Delivery;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Brings a file. A run that was cut off is gone on with where the device can hash what it has.
@Command(
    name = "put",
    description = "Bring a file to a device, over the one that is there.",
    footer = {
      "",
      "Where the device can hash it: what is there already",
      "is not sent again, a run that was cut off is gone on",
      "with, and what arrived is compared.",
      "Example: sealift device files put cert.pem /lfs1/cert.pem",
      "           --to udp://192.0.2.7"
    })
final class DeviceFilesPut extends Verb {
  @Mixin private To to = new To();

  @Parameters(index = "0", paramLabel = "FILE", description = "the file to bring")
  private @Nullable Path file;

  @Parameters(
      index = "1",
      paramLabel = DeviceFiles.NAME_LABEL,
      description =
          DeviceFiles.NAME_DESCRIPTION + "; one that ends with / keeps the file's own name")
  private @Nullable String name;

  DeviceFilesPut(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(file);
    Bytes content = Files.read(source);
    String given = Given.required(name);
    String target = given.endsWith("/") ? given + source.getFileName() : given;
    return DeviceCommand.talk(to, client -> new Bringing(client, target, content).outcome());
  }

  /// One file on its way to one device.
  private final class Bringing {
    private final SmpClient client;
    private final String target;
    private final Bytes content;
    private final Progress progress =
        new Progress(console(), "  file", Progress.Company.ALONE, System::nanoTime);
    private long reached;

    Bringing(SmpClient client, String target, Bytes content) {
      this.client = client;
      this.target = target;
      this.content = content;
    }

    Outcome outcome() throws IOException {
      long there = rightBytesThere();
      if (there == content.size() && there > 0) {
        return done("is there already", 0);
      }
      if (there > 0) {
        console().say("  goes on at byte %d: what is there is its beginning".formatted(there));
      }
      bring(there);
      return done(checked(), content.size() - there);
    }

    /// How many bytes the device has of this file, shown by their checksum.
    private long rightBytesThere() throws IOException {
      Optional<dev.sealift.smp.Files.StatusReply> status =
          DeviceCommand.optional(client, new dev.sealift.smp.Files.Status(target));
      long length = status.map(dev.sealift.smp.Files.StatusReply::length).orElse(0L);
      if (length <= 0 || length > content.size()) {
        return 0;
      }
      return FileCheck.of(client, target, content.first((int) length)) instanceof FileCheck.Same
          ? length
          : 0;
    }

    private void bring(long there) {
      try {
        if (content.isEmpty()) {
          DeviceCommand.ask(
              client,
              new dev.sealift.smp.Files.Write(target, 0, Optional.of(0L), content),
              "take " + target);
          return;
        }
        Frame frame = client.frame();
        boolean arrived =
            there > 0
                && send(
                        new ChunkedContent.FileRest(target, content.from((int) there), there),
                        frame,
                        there)
                    instanceof Delivery.Delivered;
        if (!arrived) {
          whole(send(new ChunkedContent.File(target, content), frame, 0));
        }
      } catch (IOException e) {
        throw Failure.world("%s, at byte %d of %s".formatted(Files.reason(e), reached, target))
            .hint("it is incomplete on the device: run it again when the device is back");
      }
    }

    private Delivery send(ChunkedContent what, Frame frame, long from) throws IOException {
      return client.upload(
          what,
          frame,
          (at, _) -> {
            reached = from + at;
            progress.at(reached, content.size());
          });
    }

    private void whole(Delivery delivery) {
      switch (delivery) {
        case Delivery.Delivered _ -> {}
        case Delivery.Refused(var refusal) -> {
          Failure failure =
              DeviceCommand.refused(
                  client, "take %s at byte %d".formatted(target, reached), refusal.reason());
          throw reached == 0
              ? failure
              : failure.hint(
                  failure.hint().map(hint -> hint + "; ").orElse("")
                      + "what it has of the file is incomplete");
        }
        case Delivery.Stuck(var offset) ->
            throw Failure.refused(
                    "%s does not take %s from byte %d on"
                        .formatted(client.target(), target, offset))
                .hint("what it has of the file is incomplete");
      }
    }

    private String checked() throws IOException {
      return switch (FileCheck.of(client, target, content)) {
        case FileCheck.Same(var type) -> "has arrived, its %s is right".formatted(type);
        case FileCheck.Unknown() -> "has arrived";
        case FileCheck.Different(var type) ->
            throw Failure.refused(
                    "%s has something else as %s than was sent: its %s differs"
                        .formatted(client.target(), target, type))
                .hint("run it again");
      };
    }

    private Outcome done(String how, long sent) {
      return Outcome.done(
          "%s %s, %d bytes".formatted(target, how, content.size()),
          CborMap.builder()
              .put("target", client.target())
              .put("name", target)
              .put("size", content.size())
              .put("sent", sent)
              .build());
    }
  }
}
