// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Fetches a file. All of it is written, or nothing.
@Command(
    name = "get",
    description = "Fetch a file from a device.",
    footer = {
      "",
      "The whole file is written, or nothing. Where the",
      "device can hash it, what came is compared.",
      "Example: sealift device files get /lfs1/log.txt",
      "           --to udp://192.0.2.7"
    })
final class DeviceFilesGet extends Verb {
  @Mixin private To to = new To();

  @Parameters(
      index = "0",
      paramLabel = DeviceFiles.NAME_LABEL,
      description = DeviceFiles.NAME_DESCRIPTION)
  private @Nullable String name;

  @Parameters(
      index = "1",
      arity = "0..1",
      paramLabel = "FILE",
      description = "where it goes: a file or a folder, here under its own name unless told")
  private @Nullable Path file;

  @Option(names = "--overwrite", description = "also over a file that is there")
  private boolean overwrite;

  DeviceFilesGet(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    String source = Given.required(name);
    Path target = target(source);
    // Asked before anything is sent; and once more before it is written.
    requireRoom(target);
    return DeviceCommand.talk(
        to,
        client -> {
          Bytes content = fetched(client, source);
          String checked = checked(client, source, content);
          requireRoom(target);
          Files.write(target, content);
          return Outcome.done(
              "%s: %d bytes%s".formatted(target, content.size(), checked),
              CborMap.builder()
                  .put("target", client.target())
                  .put("name", source)
                  .put("file", target.toString())
                  .put("size", content.size())
                  .put("sha256", content.sha256().toHex())
                  .build());
        });
  }

  private Path target(String source) {
    String last = source.substring(source.lastIndexOf('/') + 1);
    Path asked = file == null ? Path.of("") : file;
    if (file != null && !java.nio.file.Files.isDirectory(file)) {
      return asked;
    }
    if (last.isEmpty() || last.equals(".") || last.equals("..")) {
      throw Failure.usage("'%s' does not end with the name of a file".formatted(source));
    }
    return asked.resolve(last);
  }

  private void requireRoom(Path target) {
    if (java.nio.file.Files.exists(target) && !overwrite) {
      throw Failure.refused("not written: %s exists already".formatted(target))
          .hint("--overwrite replaces it, or name another file");
    }
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || !java.nio.file.Files.isDirectory(folder)) {
      throw Failure.world("cannot write %s: there is no such folder".formatted(target));
    }
  }

  private Bytes fetched(SmpClient client, String source) {
    Progress progress = new Progress(console(), "  file", Progress.Company.ALONE, System::nanoTime);
    AtomicLong reached = new AtomicLong();
    try {
      return switch (client.download(
          source,
          Files.SIZE_MAX,
          (at, total) -> {
            reached.set(at);
            progress.at(at, total);
          })) {
        case SmpClient.Fetch.Whole(var content) -> content;
        case SmpClient.Fetch.Refused(var refusal) ->
            throw DeviceCommand.refused(client, "give out " + source, refusal.reason());
        case SmpClient.Fetch.TooLarge(var size) ->
            throw Failure.refused(
                "%s says that %s has %d bytes; at most %d are fetched"
                    .formatted(client.target(), source, size, Files.SIZE_MAX));
        case SmpClient.Fetch.Stuck(var offset) ->
            throw Failure.refused(
                "%s does not give out %s from byte %d on"
                    .formatted(client.target(), source, offset));
      };
    } catch (IOException e) {
      throw Failure.world("%s, at byte %d of %s".formatted(Files.reason(e), reached.get(), source))
          .hint("nothing was written here; run it again when the device is back");
    }
  }

  private static String checked(SmpClient client, String source, Bytes content) throws IOException {
    return switch (FileCheck.of(client, source, content)) {
      case FileCheck.Same(var type) -> ", its %s is right".formatted(type);
      case FileCheck.Different(var type) ->
          throw Failure.refused(
                  "what came of %s is not what %s has now: its %s differs"
                      .formatted(source, client.target(), type))
              .hint("nothing was written here; perhaps it changed on the way: run it again");
      case FileCheck.Unknown() -> "";
    };
  }
}
