// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.image.Image;
import dev.sealift.image.dfu.DfuFile;
import dev.sealift.image.dfu.DfuPackage;
import dev.sealift.image.dfu.DfuVersion;
import dev.sealift.permit.Place;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Makes a package of signed images. The same images are always the same package: the times in it
/// say nothing.
@Command(
    name = "make",
    description = "Make a DFU package of signed images, as builds for Zephyr make it.",
    footer = {
      "",
      "Example: sealift package make dfu_application.zip app-1.1.0.bin",
      "         sealift package make both.zip app.bin 1=net.bin --board 0=sensor",
      "         sealift package make xip.zip 0:0=slot0.bin 0:1=slot1.bin"
    })
final class PackageMake extends Verb {
  /// A digit and a colon may begin a path elsewhere; here they do not.
  private static final Pattern PLACED = Pattern.compile("([0-9]+(?::[0-9]+)?)=(.+)");

  private static final String TYPE = "application";
  private static final long NO_TIME = 0;

  @Option(
      names = "--name",
      paramLabel = "TEXT",
      defaultValue = "",
      description = "what a person is shown")
  private String name = "";

  @Option(
      names = "--board",
      paramLabel = "[N=]TEXT",
      description = "the board of all images, or of image N; may be repeated")
  private List<String> boards = new ArrayList<>();

  @Option(
      names = "--soc",
      paramLabel = "[N=]TEXT",
      description = "the chip of all images, or of image N; may be repeated")
  private List<String> socs = new ArrayList<>();

  @Parameters(index = "0", paramLabel = "OUTPUT", description = "where the package goes")
  private @Nullable Path output;

  @Parameters(
      index = "1..*",
      arity = "1..*",
      paramLabel = "[N[:SLOT]=]FILE",
      description = {
        "a signed image, for image N (default 0) of the device;",
        "with SLOT the variant that runs there (direct-XIP)"
      })
  private List<String> files = new ArrayList<>();

  PackageMake(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path target = Given.required(output);
    Map<Place, Path> placed = new TreeMap<>();
    files.forEach(text -> put(placed, text));
    Texts board = Texts.parse("--board", boards);
    Texts soc = Texts.parse("--soc", socs);
    Map<String, Integer> names = new HashMap<>();
    placed.values().forEach(file -> names.merge(memberName(file), 1, Integer::sum));
    DfuPackage dfu;
    try {
      List<DfuFile> made = new ArrayList<>();
      placed.forEach(
          (place, file) -> {
            String plain = memberName(file);
            boolean alone = names.getOrDefault(plain, 0) == 1;
            made.add(file(alone ? plain : prefix(place) + plain, place, file, board, soc));
          });
      dfu = DfuPackage.of(name.isEmpty() ? Optional.empty() : Optional.of(name), NO_TIME, made);
    } catch (IllegalArgumentException e) {
      throw Failure.usage("no package can be made of that: " + e.getMessage());
    }
    Bytes zip = dfu.write();
    Files.write(target, zip);
    PackageSummary summary = new PackageSummary(dfu);
    List<String> lines = new ArrayList<>();
    lines.add(
        "wrote %s: %s, %d bytes"
            .formatted(target, Releases.count(dfu.files().size(), "file"), zip.size()));
    lines.addAll(summary.lines());
    CborMap.Builder json = CborMap.builder().put("output", target.toString());
    summary.toMap().entries().forEach(json::put);
    return Outcome.done(lines, json.build());
  }

  private static void put(Map<Place, Path> placed, String text) {
    Matcher match = PLACED.matcher(text);
    Place place = match.matches() ? Places.parse("FILE", match.group(1)) : Place.ofImage(0);
    if (placed.put(place, Path.of(match.matches() ? match.group(2) : text)) != null) {
      throw Failure.usage("two files for " + place)
          .hint("1=FILE is for image 1, 0:0=FILE and 0:1=FILE are for the slots of image 0");
    }
  }

  /// The file's own name. HEX goes in as its binary.
  private static String memberName(Path file) {
    Path last = file.getFileName();
    if (last == null) {
      throw Failure.usage(file + " is no file");
    }
    String plain = last.toString();
    return ImageFile.isHex(file) ? plain.substring(0, plain.length() - 4) + ".bin" : plain;
  }

  /// Builds call their images alike, each in its own folder.
  private static String prefix(Place place) {
    return "image%d%s-"
        .formatted(place.image(), place.slot().map(slot -> "-slot" + slot).orElse(""));
  }

  private static DfuFile file(String name, Place place, Path file, Texts board, Texts soc) {
    Bytes content = Files.readImage(file);
    Image image;
    try {
      image = Image.read(content);
    } catch (MalformedException e) {
      throw Failure.refused("%s is no MCUboot image: %s".formatted(file, e.getMessage()))
          .hint("'sealift image sign' makes an image of a binary");
    }
    DfuVersion.Field field =
        place.slot().isPresent() ? DfuVersion.Field.MCUBOOT_XIP : DfuVersion.Field.MCUBOOT;
    return DfuFile.builder(name, content)
        .type(Optional.of(TYPE))
        .image(Optional.of(place.image()))
        .slot(place.slot())
        .slotIndexes(
            place.slot().isPresent()
                ? Optional.empty()
                : Optional.of(DfuFile.SlotIndexes.ofImage(place.image())))
        .version(Optional.of(new DfuVersion(field, image.version().toString())))
        .board(board.of(place.image()))
        .soc(soc.of(place.image()))
        .loadAddress(OptionalLong.of(image.header().loadAddress()))
        .modified(OptionalLong.of(NO_TIME))
        .build();
  }

  /// A text for each image, or for all that have none of their own.
  private record Texts(Map<Integer, String> byImage, String otherwise) {
    static Texts parse(String option, List<String> given) {
      Map<Integer, String> byImage = new HashMap<>();
      String otherwise = "";
      for (String text : given) {
        Matcher match = PLACED.matcher(text);
        if (!match.matches()) {
          otherwise = text;
        } else if (match.group(1).indexOf(':') >= 0) {
          throw Failure.usage("%s is [N=]TEXT, not '%s'".formatted(option, text));
        } else {
          byImage.put(Places.parse(option, match.group(1)).image(), match.group(2));
        }
      }
      return new Texts(byImage, otherwise);
    }

    Optional<String> of(int image) {
      return Optional.of(byImage.getOrDefault(image, otherwise)).filter(text -> !text.isEmpty());
    }
  }
}
