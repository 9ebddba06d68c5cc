// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// The whole story on this machine.
@Command(
    name = "demo",
    description = "Walk one update from the signing key to the confirmed slot, and try to cheat.",
    footer = {"", "Example: sealift demo --firmware build/zephyr/zephyr.bin"})
final class DemoCommand extends Verb {
  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description = "a firmware binary of yours (without header room); a shipped one unless told")
  private @Nullable Path firmware;

  @Option(
      names = "--keep",
      paramLabel = "FOLDER",
      description = "keep all files in this new folder; they are deleted unless told")
  private @Nullable Path keep;

  DemoCommand(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Optional<Bytes> own = Optional.ofNullable(firmware).map(Files::readImage);
    Path folder = makeFolder();
    try {
      console().hide(folder + "/");
      List<String> summary =
          new DemoStory(console(), folder, own.orElseGet(() -> resource("payloads/big.bin")))
              .tell();
      return Outcome.done(
          summary, CborMap.builder().put("demo", "done").put("lines", summary.size()).build());
    } finally {
      console().hide("");
      if (keep == null) {
        delete(folder);
      }
    }
  }

  private Path makeFolder() {
    try {
      return keep == null
          ? java.nio.file.Files.createTempDirectory("sealift-demo")
          : java.nio.file.Files.createDirectory(keep).toAbsolutePath();
    } catch (IOException e) {
      throw Failure.world("cannot make a folder for the demo: " + Files.reason(e));
    }
  }

  static Bytes resource(String name) {
    try (InputStream in = DemoCommand.class.getResourceAsStream("demo/" + name)) {
      if (in == null) {
        throw new IllegalStateException("the demo was packaged without " + name);
      }
      return Bytes.owning(in.readAllBytes());
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + name + " of the demo", e);
    }
  }

  private static void delete(Path folder) {
    try (Stream<Path> files = java.nio.file.Files.walk(folder)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        java.nio.file.Files.delete(file);
      }
    } catch (IOException e) {
      throw Failure.world("cannot delete " + folder + ": " + Files.reason(e));
    }
  }
}
