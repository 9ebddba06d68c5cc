// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.image.dfu.DfuPackage;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Says what a package holds, and which file a device would put where.
@Command(
    name = "show",
    description = {
      "Show what a DFU package holds. The archive and its manifest are checked,",
      "the images are not: that is for 'sealift image verify'."
    },
    footer = {"", "Example: sealift package show dfu_application.zip"})
final class PackageShow extends Verb {
  @Parameters(paramLabel = "FILE", description = "a DFU package")
  private @Nullable Path file;

  PackageShow(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(file);
    try {
      PackageSummary summary = new PackageSummary(DfuPackage.read(Files.read(source)));
      List<String> lines = new ArrayList<>();
      lines.add(source.toString());
      lines.addAll(summary.lines());
      return Outcome.done(lines, summary.toMap());
    } catch (MalformedException e) {
      throw Failure.refused("%s is no DFU package: %s".formatted(source, e.getMessage()));
    }
  }
}
