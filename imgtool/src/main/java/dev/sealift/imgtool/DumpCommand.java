// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// `dumpinfo`: what an image file says of itself.
final class DumpCommand {
  private DumpCommand() {}

  static Command dumpinfo() {
    return new Command(
        "dumpinfo",
        "Show header, TLVs and trailer of an image; nothing of it is verified.",
        List.of(
            Option.text("FILE", "where to, instead of the standard output", "--outfile", "-o"),
            Option.oneOf(
                List.of("human", "yaml", "json"),
                "human is usual on the standard output, yaml in a file",
                "--format",
                "-f"),
            Option.flag("changes nothing, and is there for old scripts", "--silent", "-s")),
        List.of("IMGFILE"),
        DumpCommand::show);
  }

  private static void show(Given given, Io io) throws RefusedException, IOException {
    String name = given.operand(0);
    Folder folder = new Folder(io);
    if (!folder.has(name)) {
      throw RefusedException.usage("there is no file " + name);
    }
    Dump dump = read(name, ImageFile.read(name, folder).content());
    Optional<String> target = given.text("--outfile");
    String format = given.text("--format", target.isPresent() ? "yaml" : "human");
    if (dump.trailer().isPresent() && dump.trailer().get().cells().isEmpty()) {
      // Where a machine reads the output, a warning has no place in it.
      (format.equals("human") ? io.out() : io.err())
          .println("Warning: the trailer magic value is invalid!");
    }
    String base = String.valueOf(Path.of(name).getFileName());
    String text =
        switch (format) {
          case "json" -> DumpData.json(base, dump) + (target.isPresent() ? "" : "\n");
          case "yaml" -> DumpData.yaml(base, dump);
          default -> DumpText.of(base, dump);
        };
    if (target.isPresent()) {
      folder.write(target.get(), Bytes.ofUtf8(text));
    } else {
      Bytes.ofUtf8(text).writeTo(io.out());
    }
  }

  private static Dump read(String name, Bytes file) throws RefusedException {
    try {
      return Dump.read(file);
    } catch (MalformedException e) {
      throw RefusedException.failed(name + " is no image: " + e.getMessage());
    }
  }
}
