// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.ReleaseFile;
import dev.sealift.permit.ReleaseSummary;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Says what a release says.
@Command(
    name = "show",
    description = "Show a release: what it is for, who has signed, what is missing.",
    footer = {"", "Example: sealift release show app-1.1.0.sealift --root root.cbor"})
final class ReleaseShow extends Verb {
  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "the root of the devices it is for, signed or not")
  private @Nullable Path root;

  @Mixin private Names names = new Names();

  @Parameters(paramLabel = "FILE", description = "a release")
  private @Nullable Path file;

  ReleaseShow(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(file);
    ReleaseFile release = Releases.read(source);
    ReleaseSummary summary =
        Releases.summary(
            source, release, Optional.ofNullable(root).map(Roots::read), names.byKey());
    List<String> lines = new ArrayList<>();
    lines.add(source.toString());
    summary.lines().forEach(line -> lines.add("  " + line));
    List<CborItem> roots = new ArrayList<>();
    for (Bytes update : release.bundle().rootUpdates()) {
      Root next = root(source, update);
      lines.add("  root update     version %d, epoch %d".formatted(next.version(), next.epoch()));
      roots.add(CborInt.of(next.version()));
    }
    CborMap.Builder json = CborMap.builder();
    summary.toJson().entries().forEach(json::put);
    return Outcome.done(lines, json.put("root_updates", new CborList(roots)).build());
  }

  private static Root root(Path source, Bytes update) {
    try {
      return Signed.decode(update, Root::decode).content();
    } catch (MalformedException e) {
      throw Failure.refused(source + " is no release: " + e.getMessage());
    }
  }
}
