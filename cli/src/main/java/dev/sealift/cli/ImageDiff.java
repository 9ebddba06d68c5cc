// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.ImageDifference;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Says in what two images differ.
@Command(
    name = "diff",
    description = "Say in what two images differ: header, TLVs, ranges of the payload.",
    footer = {
      "",
      "Exit code 0 when they are the same, 1 when they differ.",
      "",
      "Example: sealift image diff app-1.0.0.bin app-1.1.0.bin"
    })
final class ImageDiff extends Verb {
  @Parameters(index = "0", paramLabel = "A", description = "an image")
  private @Nullable Path left;

  @Parameters(index = "1", paramLabel = "B", description = "another one")
  private @Nullable Path right;

  ImageDiff(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path first = Given.required(left);
    Path second = Given.required(right);
    List<ImageDifference> all =
        ImageDifference.between(ImageFile.readParsed(first), ImageFile.readParsed(second));
    List<String> lines = new ArrayList<>();
    lines.add(
        all.isEmpty()
            ? "%s and %s are the same".formatted(first, second)
            : "%s and %s differ".formatted(first, second));
    for (ImageDifference difference : all) {
      lines.add("  " + difference.where());
      lines.add("    A  " + difference.left());
      lines.add("    B  " + difference.right());
    }
    return new Outcome(
        all.isEmpty() ? Exit.DONE : Exit.REFUSED,
        lines,
        CborMap.builder()
            .put("same", all.isEmpty())
            .put("differences", new CborList(all.stream().<CborItem>map(ImageDiff::json).toList()))
            .build());
  }

  private static CborMap json(ImageDifference difference) {
    return CborMap.builder()
        .put("where", difference.where())
        .put("a", difference.left())
        .put("b", difference.right())
        .build();
  }
}
