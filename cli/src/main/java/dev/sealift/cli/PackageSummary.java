// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.image.Image;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.dfu.DfuFile;
import dev.sealift.image.dfu.DfuKind;
import dev.sealift.image.dfu.DfuPackage;
import dev.sealift.image.dfu.DfuTarget;
import dev.sealift.image.dfu.Member;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a package says, for a person as lines and for a machine as a map. Where the manifest and an
/// image differ, that is said.
record PackageSummary(DfuPackage dfu) {
  List<String> lines() {
    List<String> lines = new ArrayList<>();
    dfu.name().ifPresent(name -> lines.add("  name   " + name));
    for (DfuFile file : dfu.files()) {
      lines.add("  file   %s, %d bytes".formatted(file.name(), file.content().size()));
      lines.add("    for      " + destination(file));
      hardware(file).ifPresent(text -> lines.add("    board    " + text));
      image(file)
          .ifPresentOrElse(
              image -> {
                lines.add("    version  " + image.version());
                image.hash().ifPresent(hash -> lines.add("    digest   " + hash.toHex()));
              },
              () ->
                  file.version().ifPresent(version -> lines.add("    version  " + version.text())));
      problem(file).ifPresent(text -> lines.add("    note     " + text));
    }
    dfu.unlisted()
        .forEach(member -> lines.add("  note   the manifest says nothing of " + member.name()));
    return lines;
  }

  CborMap toMap() {
    CborMap.Builder map = CborMap.builder();
    dfu.formatVersion().ifPresent(number -> map.put("format-version", number));
    dfu.name().ifPresent(name -> map.put("name", name));
    return map.put("files", new CborList(dfu.files().stream().map(this::toMap).toList()))
        .put(
            "unlisted",
            new CborList(
                dfu.unlisted().stream().map(Member::name).<CborItem>map(CborText::new).toList()))
        .build();
  }

  private CborItem toMap(DfuFile file) {
    CborMap.Builder map =
        CborMap.builder()
            .put("file", file.name())
            .put("size", file.content().size())
            .put("kind", kind(file));
    file.type().ifPresent(type -> map.put("type", type));
    target(file).ifPresent(target -> map.put("image", target.image()).put("slot", target.slot()));
    file.partition().ifPresent(number -> map.put("partition", number));
    file.board().ifPresent(text -> map.put("board", text));
    file.soc().ifPresent(text -> map.put("soc", text));
    file.loadAddress().ifPresent(number -> map.put("load-address", number));
    file.version().ifPresent(version -> map.put("declared-version", version.text()));
    image(file)
        .ifPresent(
            image -> {
              map.put("version", image.version().toString());
              image.hash().map(Bytes::toHex).ifPresent(hash -> map.put("digest", hash));
            });
    problem(file).ifPresent(text -> map.put("problem", text));
    return map.build();
  }

  private static String kind(DfuFile file) {
    return switch (file.kind()) {
      case IMAGE -> "image";
      case SUIT_ENVELOPE -> "suit-envelope";
      case SUIT_CACHE -> "suit-cache";
    };
  }

  private Optional<DfuTarget> target(DfuFile file) {
    return dfu.targets().entrySet().stream()
        .filter(entry -> entry.getValue().name().equals(file.name()))
        .map(Map.Entry::getKey)
        .findFirst();
  }

  private String destination(DfuFile file) {
    return switch (file.kind()) {
      case IMAGE ->
          target(file).map(DfuTarget::toString).orElse("")
              + (file.slot().isPresent() ? ", where it runs" : "");
      case SUIT_ENVELOPE -> "the SUIT processor";
      case SUIT_CACHE ->
          file.partition()
              .map(number -> "SUIT cache partition " + number)
              .orElse("a SUIT cache partition");
    };
  }

  private static Optional<String> hardware(DfuFile file) {
    String text = file.board().orElse("") + file.soc().map(soc -> " (" + soc + ")").orElse("");
    return Optional.of(text.strip()).filter(words -> !words.isEmpty());
  }

  private static Optional<Image> image(DfuFile file) {
    try {
      return file.kind() == DfuKind.IMAGE
          ? Optional.of(Image.read(file.content()))
          : Optional.empty();
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private static Optional<String> problem(DfuFile file) {
    if (file.kind() != DfuKind.IMAGE) {
      return Optional.empty();
    }
    Image image;
    try {
      image = Image.read(file.content());
    } catch (MalformedException e) {
      return Optional.of("no MCUboot image: " + e.getMessage());
    }
    return file.version()
        .map(version -> version.text())
        .filter(text -> differs(text, image.version()))
        .map(text -> "the manifest says version %s, the image %s".formatted(text, image.version()));
  }

  /// Of other texts than versions of MCUboot nothing can be said.
  private static boolean differs(String text, ImageVersion version) {
    try {
      return !ImageVersion.parse(text).equals(version);
    } catch (MalformedException _) {
      return false;
    }
  }
}
