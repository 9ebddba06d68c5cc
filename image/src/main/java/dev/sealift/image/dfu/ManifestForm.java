// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborFloat;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.cbor.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/// The manifest as JSON, all of its forms in and today's out. What decides where bytes go is read
/// strictly; of what only informs, a value that makes no sense is passed over.
final class ManifestForm {
  static final Set<String> PACKAGE_KEYS =
      Set.of("format-version", "format_version", "time", "name", "files");

  static final Set<String> FILE_KEYS =
      Set.of(
          "file",
          "size",
          "type",
          "image_index",
          "image",
          "slot",
          "slot_index_primary",
          "slot_index_secondary",
          "partition",
          "version_MCUBOOT",
          "version_MCUBOOT+XIP",
          "version",
          "board",
          "soc",
          "load_address",
          "modtime");

  private static final int PARTITION_MAX = 0xff;

  private ManifestForm() {}

  static DfuPackage read(List<Member> members) throws MalformedException {
    Map<String, Bytes> contents = new HashMap<>();
    members.forEach(member -> contents.put(member.name(), member.content()));
    Bytes json = contents.remove(DfuPackage.MANIFEST);
    if (json == null) {
      throw new MalformedException("the archive has no manifest.json: it is no DFU package", 0);
    }
    if (json.size() > DfuPackage.MANIFEST_SIZE_MAX) {
      throw new MalformedException(
          "manifest.json has %d bytes, at most %d are taken"
              .formatted(json.size(), DfuPackage.MANIFEST_SIZE_MAX),
          0);
    }
    String text = json.toUtf8();
    if (!Bytes.ofUtf8(text).equals(json)) {
      throw new MalformedException("manifest.json is no UTF-8", 0);
    }
    CborFields manifest = CborFields.of(Json.read(text), "manifest");
    List<DfuFile> files = new ArrayList<>();
    for (CborItem item : manifest.list("files")) {
      DfuFile file = file(CborFields.of(item, "file %d:".formatted(files.size())), contents);
      contents.remove(file.name());
      files.add(file);
    }
    if (files.isEmpty()) {
      throw new MalformedException("manifest.json names no files", 0);
    }
    DfuPackage.targets(files);
    OptionalLong formatVersion = informing(manifest, "format-version");
    return new DfuPackage(
        formatVersion.isPresent() ? formatVersion : informing(manifest, "format_version"),
        informing(manifest, "time"),
        text(manifest, "name"),
        files,
        members.stream().filter(member -> contents.containsKey(member.name())).toList(),
        further(manifest, PACKAGE_KEYS));
  }

  private static DfuFile file(CborFields fields, Map<String, Bytes> contents)
      throws MalformedException {
    String name = fields.text("file");
    MemberName.check(name);
    Bytes content = contents.get(name);
    if (content == null) {
      throw new MalformedException(
          "manifest.json names %s, which is not there, or names it twice".formatted(name), 0);
    }
    OptionalLong size = deciding(fields, "size", Long.MAX_VALUE);
    if (size.isPresent() && size.getAsLong() != content.size()) {
      throw new MalformedException(
          "%s has %d bytes, manifest.json says %d"
              .formatted(name, content.size(), size.getAsLong()),
          0);
    }
    return DfuFile.builder(name, content)
        .type(text(fields, "type"))
        .image(image(fields))
        .slot(number(fields, "slot", DfuTarget.SLOT_MAX))
        .slotIndexes(slotIndexes(fields))
        .partition(number(fields, "partition", PARTITION_MAX))
        .version(version(fields))
        .board(text(fields, "board"))
        .soc(text(fields, "soc"))
        .loadAddress(informing(fields, "load_address"))
        .modified(informing(fields, "modtime"))
        .further(further(fields, FILE_KEYS))
        .build();
  }

  /// Two names for the same; a phone would go by one of them.
  private static Optional<Integer> image(CborFields fields) throws MalformedException {
    Optional<Integer> index = number(fields, "image_index", DfuTarget.IMAGE_MAX);
    Optional<Integer> image = number(fields, "image", DfuTarget.IMAGE_MAX);
    if (index.isPresent() && image.isPresent() && !index.equals(image)) {
      throw new MalformedException(
          "manifest.json says image %d and image_index %d of one file"
              .formatted(image.get(), index.get()),
          0);
    }
    return index.or(() -> image);
  }

  private static Optional<DfuFile.SlotIndexes> slotIndexes(CborFields fields) {
    OptionalLong primary = informing(fields, "slot_index_primary");
    OptionalLong secondary = informing(fields, "slot_index_secondary");
    boolean both = primary.isPresent() && secondary.isPresent();
    return both && Math.max(primary.getAsLong(), secondary.getAsLong()) <= Integer.MAX_VALUE
        ? Optional.of(
            new DfuFile.SlotIndexes((int) primary.getAsLong(), (int) secondary.getAsLong()))
        : Optional.empty();
  }

  private static Optional<DfuVersion> version(CborFields fields) {
    for (DfuVersion.Field field : DfuVersion.Field.values()) {
      Optional<String> text = text(fields, field.key());
      if (text.isPresent()) {
        return Optional.of(new DfuVersion(field, text.get()));
      }
    }
    return Optional.empty();
  }

  /// Text, or a number where a build took text for one. What cannot be seen says nothing.
  private static Optional<String> text(CborFields fields, String key) {
    return fields
        .item(new CborText(key))
        .flatMap(
            item ->
                switch (item) {
                  case CborText(var text) -> Optional.of(text);
                  case CborInt(var number) -> Optional.of(number.toString());
                  default -> Optional.empty();
                })
        .filter(text -> !text.isBlank() && MemberName.isVisible(text));
  }

  private static Optional<Integer> number(CborFields fields, String key, int max)
      throws MalformedException {
    OptionalLong number = deciding(fields, key, max);
    return number.isPresent() ? Optional.of((int) number.getAsLong()) : Optional.empty();
  }

  /// Nothing, null and empty text say nothing; all else must be a number up to `max`.
  private static OptionalLong deciding(CborFields fields, String key, long max)
      throws MalformedException {
    Optional<CborItem> item = fields.item(new CborText(key));
    boolean said =
        item.isPresent()
            && switch (item.get()) {
              case CborNull _ -> false;
              case CborText(var text) -> !text.isBlank();
              default -> true;
            };
    OptionalLong number = informing(fields, key);
    if (said && (number.isEmpty() || number.getAsLong() > max)) {
      throw new MalformedException(
          "manifest.json: %s is %s, expected a number up to %d"
              .formatted(key, Json.write(item.get()), max),
          0);
    }
    return number;
  }

  private static OptionalLong informing(CborFields fields, String key) {
    Optional<CborItem> item = fields.item(new CborText(key));
    if (item.isEmpty()) {
      return OptionalLong.empty();
    }
    return switch (item.get()) {
      case CborInt number when number.isLong() && number.toLong() >= 0 ->
          OptionalLong.of(number.toLong());
      case CborFloat(var number)
          when number >= 0 && number < 0x1p53 && number == Math.rint(number) ->
          OptionalLong.of((long) number);
      case CborText(var text) -> parsed(text.strip());
      default -> OptionalLong.empty();
    };
  }

  private static OptionalLong parsed(String text) {
    try {
      long number =
          text.startsWith("0x") ? Long.parseLong(text.substring(2), 16) : Long.parseLong(text);
      return number < 0 ? OptionalLong.empty() : OptionalLong.of(number);
    } catch (NumberFormatException _) {
      return OptionalLong.empty();
    }
  }

  private static CborMap further(CborFields fields, Set<String> known) {
    CborMap.Builder further = CborMap.builder();
    fields
        .map()
        .entries()
        .forEach(
            (key, value) -> {
              if (!(key instanceof CborText(var text) && known.contains(text))) {
                further.put(key, value);
              }
            });
    return further.build();
  }

  /// In the order of Nordic's generator.
  static Bytes write(DfuPackage dfu) {
    CborMap.Builder manifest = CborMap.builder();
    dfu.formatVersion().ifPresent(number -> manifest.put("format-version", number));
    dfu.time().ifPresent(number -> manifest.put("time", number));
    manifest.put("files", new CborList(dfu.files().stream().map(ManifestForm::entry).toList()));
    dfu.name().ifPresent(name -> manifest.put("name", name));
    dfu.further().entries().forEach(manifest::put);
    return Bytes.ofUtf8(Json.write(manifest.build()));
  }

  private static CborItem entry(DfuFile file) {
    CborMap.Builder entry = CborMap.builder();
    file.type().ifPresent(text -> entry.put("type", text));
    // Phones insist on these two, known or not.
    entry.put("board", file.board().orElse("")).put("soc", file.soc().orElse(""));
    file.loadAddress().ifPresent(number -> entry.put("load_address", number));
    file.image().ifPresent(number -> entry.put("image_index", Integer.toString(number)));
    file.slot().ifPresent(number -> entry.put("slot", Integer.toString(number)));
    file.slotIndexes()
        .ifPresent(
            indexes ->
                entry
                    .put("slot_index_primary", Integer.toString(indexes.primary()))
                    .put("slot_index_secondary", Integer.toString(indexes.secondary())));
    file.partition().ifPresent(number -> entry.put("partition", number));
    file.version().ifPresent(version -> entry.put(version.field().key(), version.text()));
    entry.put("size", file.content().size()).put("file", file.name());
    file.modified().ifPresent(number -> entry.put("modtime", number));
    file.further().entries().forEach(entry::put);
    return entry.build();
  }
}
