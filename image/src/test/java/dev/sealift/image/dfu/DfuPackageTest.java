// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.cbor.Json;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class DfuPackageTest {
  private static final Bytes APP = Bytes.filled(700, 0x11);
  private static final Bytes NET = Bytes.filled(300, 0x22);

  private static Bytes zip(String manifest, Member... members) {
    List<Member> all = new ArrayList<>(List.of(members));
    all.add(new Member("manifest.json", Bytes.ofUtf8(manifest.replace('\'', '"'))));
    return Archive.write(all);
  }

  private static DfuPackage read(String manifest, Member... members) throws MalformedException {
    return DfuPackage.read(zip(manifest, members));
  }

  private static final Member APP_BIN = new Member("app.bin", APP);
  private static final Member NET_BIN = new Member("net.bin", NET);

  @Provide
  static Arbitrary<DfuPackage> packages() {
    Arbitrary<Integer> slots = Arbitraries.integers().between(0, 1);
    Arbitrary<String> words = Arbitraries.strings().withCharRange('!', '~').ofLength(5);
    Arbitrary<Long> numbers = Arbitraries.longs().between(0, 0xffff_ffffL);
    Arbitrary<DfuFile> files =
        Combinators.combine(
                words.optional(),
                slots.optional(),
                words.optional(),
                numbers.optional(),
                Arbitraries.of(DfuVersion.Field.values()).optional(),
                Arbitraries.integers().between(0, 400))
            .as(
                (type, slot, word, number, field, size) ->
                    DfuFile.builder("f", Bytes.filled(size, size))
                        .type(type)
                        .slot(slot)
                        .slotIndexes(number.map(n -> DfuFile.SlotIndexes.ofImage((int) (n % 9))))
                        .partition(number.map(n -> (int) (n % 200)))
                        .version(field.map(f -> new DfuVersion(f, "1.2.3+4")))
                        .board(word)
                        .soc(type)
                        .loadAddress(number.map(OptionalLong::of).orElse(OptionalLong.empty()))
                        .modified(number.map(OptionalLong::of).orElse(OptionalLong.empty()))
                        .further(
                            word.map(text -> CborMap.builder().put("x-" + text, text).build())
                                .orElse(CborMap.EMPTY))
                        .build());
    return Combinators.combine(files.list().ofMinSize(1).ofMaxSize(6), words.optional(), numbers)
        .as(
            (list, name, time) -> {
              List<DfuFile> named = new ArrayList<>();
              for (DfuFile file : list) {
                named.add(at(file, "f%d.bin".formatted(named.size()), named.size() / 2));
              }
              return new DfuPackage(
                  OptionalLong.of(1),
                  OptionalLong.of(time),
                  name,
                  withoutRivals(named),
                  List.of(new Member("notes.txt", Bytes.ofUtf8("n"))),
                  CborMap.builder().put("firmware", CborMap.EMPTY).build());
            });
  }

  private static DfuFile at(DfuFile file, String name, int image) {
    return DfuFile.builder(name, file.content())
        .type(file.type())
        .image(Optional.of(image))
        .slot(file.slot())
        .slotIndexes(file.slotIndexes())
        .partition(file.partition())
        .version(file.version())
        .board(file.board())
        .soc(file.soc())
        .loadAddress(file.loadAddress())
        .modified(file.modified())
        .further(file.further())
        .build();
  }

  private static List<DfuFile> withoutRivals(List<DfuFile> files) {
    List<DfuFile> apart = new ArrayList<>();
    for (DfuFile file : files) {
      boolean rival =
          apart.stream()
              .anyMatch(
                  other ->
                      other.image().equals(file.image())
                          && file.slot().isPresent()
                          && other.slot().equals(file.slot()));
      if (!rival) {
        apart.add(file);
      }
    }
    return apart;
  }

  @Property(tries = 300)
  void what_is_written_is_read_as_the_same_package(@ForAll("packages") DfuPackage dfu)
      throws MalformedException {
    Bytes zip = dfu.write();
    assertThat(DfuPackage.read(zip)).isEqualTo(dfu);
    assertThat(DfuPackage.read(zip).write()).isEqualTo(zip);
  }

  @Property(tries = 60)
  void one_byte_changed_is_refused_or_another_package_or_passed_over_by_all(
      @ForAll("packages") DfuPackage dfu) {
    Bytes zip = dfu.write();
    for (int at = 0; at < zip.size(); at++) {
      byte[] changed = zip.toArray();
      changed[at] ^= (byte) (1 << at % 8);
      try {
        // Times and attributes are not looked at; files and manifest have their checksums.
        assertThat(DfuPackage.read(Bytes.owning(changed))).isEqualTo(dfu);
      } catch (MalformedException e) {
        assertThat(e.getMessage()).hasSizeGreaterThan(10);
      }
    }
  }

  @Property(tries = 60)
  void every_cut_is_refused(@ForAll("packages") DfuPackage dfu) {
    Bytes zip = dfu.write();
    for (int size = 0; size < zip.size(); size += 3) {
      Bytes cut = zip.first(size);
      assertThatThrownBy(() -> DfuPackage.read(cut)).isInstanceOf(MalformedException.class);
    }
  }

  /// As `generate_zip.py` of nRF Connect SDK writes it for two cores: numbers behind `0x` are
  /// numbers, all others are text.
  @Test
  void todays_form_of_two_cores_is_read() throws MalformedException {
    DfuPackage dfu =
        read(
            """
            {'format-version': 1, 'time': 1758800000, 'files': [
              {'type': 'application', 'board': 'nrf5340dk/nrf5340/cpuapp', 'soc': 'nrf5340',
               'load_address': 66048, 'image_index': '0', 'slot_index_primary': '1',
               'slot_index_secondary': '2', 'version_MCUBOOT': '1.2.3+4', 'size': 700,
               'file': 'app.bin', 'modtime': 1758800001},
              {'type': 'application', 'board': 'nrf5340dk/nrf5340/cpunet', 'soc': 'nrf5340',
               'load_address': '0x1008800', 'image_index': '1', 'slot_index_primary': '3',
               'slot_index_secondary': '4', 'version': '7', 'version_MCUBOOT': null,
               'size': 300, 'file': 'net.bin', 'modtime': 1758800002}],
             'name': 'sensor', 'firmware': {'zephyr': {'revision': 'abc'}}}
            """,
            APP_BIN,
            NET_BIN);
    assertThat(dfu.formatVersion()).hasValue(1);
    assertThat(dfu.time()).hasValue(1_758_800_000L);
    assertThat(dfu.name()).contains("sensor");
    assertThat(Json.write(dfu.further()))
        .isEqualTo("{\"firmware\":{\"zephyr\":{\"revision\":\"abc\"}}}");
    DfuFile app = dfu.files().get(0);
    assertThat(app.content()).isEqualTo(APP);
    assertThat(app.version()).contains(new DfuVersion(DfuVersion.Field.MCUBOOT, "1.2.3+4"));
    assertThat(app.loadAddress()).hasValue(66048);
    assertThat(app.slotIndexes()).contains(new DfuFile.SlotIndexes(1, 2));
    assertThat(app.modified()).hasValue(1_758_800_001L);
    DfuFile net = dfu.files().get(1);
    assertThat(net.board()).contains("nrf5340dk/nrf5340/cpunet");
    assertThat(net.soc()).contains("nrf5340");
    assertThat(net.version()).contains(new DfuVersion(DfuVersion.Field.PLAIN, "7"));
    assertThat(net.loadAddress()).hasValue(0x100_8800);
    assertThat(dfu.targets())
        .containsExactly(Map.entry(new DfuTarget(0, 1), app), Map.entry(new DfuTarget(1, 1), net));
  }

  private record Form(String name, String files, List<DfuTarget> targets) {
    Form(String name, String files, DfuTarget... targets) {
      this(name, files, List.of(targets));
    }
  }

  private static DfuTarget target(int image, int slot) {
    return new DfuTarget(image, slot);
  }

  @Test
  void every_form_of_older_and_other_builds_is_read() throws MalformedException {
    List<Form> forms =
        List.of(
            new Form("the least", "{'file': 'app.bin'}", target(0, 1)),
            new Form("numbers", "{'file': 'app.bin', 'image_index': 2, 'slot': 0}", target(2, 0)),
            new Form("text", "{'file': 'app.bin', 'image_index': '2', 'slot': '0'}", target(2, 0)),
            new Form("hex", "{'file': 'app.bin', 'image_index': '0x02'}", target(2, 1)),
            new Form("the other name", "{'file': 'app.bin', 'image': '1'}", target(1, 1)),
            new Form("null", "{'file': 'app.bin', 'slot': null, 'image_index': ''}", target(0, 1)),
            new Form(
                "direct-XIP",
                "{'file': 'app.bin', 'slot': '0', 'version_MCUBOOT+XIP': '1.0.0'},"
                    + "{'file': 'net.bin', 'slot': '1', 'version_MCUBOOT+XIP': '1.0.0'}",
                target(0, 0),
                target(0, 1)),
            new Form(
                "direct-XIP, the second first",
                "{'file': 'app.bin', 'slot': 1}, {'file': 'net.bin', 'slot': 0}",
                target(0, 1),
                target(0, 0)),
            new Form(
                "direct-XIP of a build that lost the first slot",
                "{'file': 'app.bin', 'hello_worldslot': '0'}, {'file': 'net.bin', 'slot': '1'}",
                target(0, 0),
                target(0, 1)),
            new Form(
                "a pair of bootloaders",
                "{'file': 'app.bin', 'type': 'mcuboot'}, {'file': 'net.bin', 'type': 'mcuboot'}",
                target(0, 0),
                target(0, 1)),
            new Form(
                "numbers that nobody can read, of what only informs",
                "{'file': 'app.bin', 'load_address': '$<TARGET>', 'modtime': [], 'board': 7,"
                    + " 'slot_index_primary': '1'}",
                target(0, 1)),
            new Form(
                "SUIT",
                "{'file': 'app.bin', 'type': 'suit-envelope'},"
                    + "{'file': 'net.bin', 'type': 'cache', 'partition': '2'}"));
    for (Form form : forms) {
      for (String version : List.of("'format-version': 0,", "'format_version': '0',", "")) {
        DfuPackage dfu =
            read("{%s 'files': [%s]}".formatted(version, form.files()), APP_BIN, NET_BIN);
        assertThat(dfu.targets().keySet())
            .as(form.name())
            .containsExactlyElementsOf(form.targets());
        assertThat(dfu.formatVersion().isPresent()).isEqualTo(!version.isEmpty());
        assertThat(DfuPackage.read(dfu.write())).as(form.name()).isEqualTo(dfu);
      }
    }
  }

  @Test
  void suit_files_are_told_by_their_type_and_a_cache_has_its_partition() throws MalformedException {
    List<DfuFile> files =
        read(
                "{'files': [{'file': 'app.bin', 'type': 'suit-envelope'},"
                    + "{'file': 'net.bin', 'type': 'cache', 'partition': 2}]}",
                APP_BIN,
                NET_BIN)
            .files();
    assertThat(files.get(0).kind()).isEqualTo(DfuKind.SUIT_ENVELOPE);
    assertThat(files.get(1).kind()).isEqualTo(DfuKind.SUIT_CACHE);
    assertThat(files.get(1).partition()).contains(2);
  }

  @Test
  void what_the_manifest_does_not_name_is_kept_apart() throws MalformedException {
    DfuPackage dfu = read("{'files': [{'file': 'app.bin'}]}", NET_BIN, APP_BIN);
    assertThat(dfu.files()).extracting(DfuFile::name).containsExactly("app.bin");
    assertThat(dfu.unlisted()).containsExactly(NET_BIN);
  }

  private record Wrong(String says, String manifest) {}

  @Test
  void a_manifest_that_cannot_be_followed_is_refused_with_a_sentence() {
    List<Wrong> wrongs =
        List.of(
            new Wrong("no JSON", "{"),
            new Wrong("no JSON", "{'files': [], 'files': []}"),
            new Wrong("manifest is a", "[]"),
            new Wrong("field files is missing", "{}"),
            new Wrong("manifest field files is a", "{'files': {}}"),
            new Wrong("names no files", "{'files': []}"),
            new Wrong("file 0: is a", "{'files': [7]}"),
            new Wrong("file 0: field file is missing", "{'files': [{}]}"),
            new Wrong("x.bin, which is not there", "{'files': [{'file': 'x.bin'}]}"),
            new Wrong("or names it twice", "{'files': [{'file':'app.bin'}, {'file':'app.bin'}]}"),
            new Wrong("which is not there", "{'files': [{'file': 'manifest.json'}]}"),
            new Wrong("climbs out", "{'files': [{'file': '../app.bin'}]}"),
            new Wrong("absolute", "{'files': [{'file': '/app.bin'}]}"),
            new Wrong("has 700 bytes, manifest.json says 701", file("'size': 701")),
            new Wrong("size is \"many\", expected a number", file("'size': 'many'")),
            new Wrong(
                "image_index is 256, expected a number up to 255", file("'image_index': 256")),
            new Wrong("image_index is -1", file("'image_index': -1")),
            new Wrong("image_index is [0]", file("'image_index': [0]")),
            new Wrong("slot is 2, expected a number up to 1", file("'slot': 2")),
            new Wrong("slot is 0.5", file("'slot': 0.5")),
            new Wrong(
                "image 1 and image_index 0 of one file", file("'image': 1, 'image_index': 0")),
            new Wrong(
                "app.bin and net.bin are both for image 0, slot 1",
                "{'files': [{'file': 'app.bin', 'slot': 1}, {'file': 'net.bin', 'slot': 1}]}"));
    for (Wrong wrong : wrongs) {
      assertThatThrownBy(() -> read(wrong.manifest(), APP_BIN, NET_BIN))
          .as(wrong.manifest())
          .isInstanceOf(MalformedException.class)
          .hasMessageContaining(wrong.says());
    }
    assertThatThrownBy(() -> DfuPackage.read(Archive.write(List.of(APP_BIN))))
        .hasMessageContaining("no manifest.json");
    Member broken = new Member("manifest.json", Bytes.ofHex("7bff7d"));
    assertThatThrownBy(() -> DfuPackage.read(Archive.write(List.of(broken))))
        .hasMessageContaining("no UTF-8");
    Member vast = new Member("manifest.json", Bytes.filled(DfuPackage.MANIFEST_SIZE_MAX + 1, ' '));
    assertThatThrownBy(() -> DfuPackage.read(Archive.write(List.of(vast))))
        .hasMessageContaining("at most 262144");
    assertThatThrownBy(() -> read("[".repeat(100_000))).hasMessageContaining("no JSON");
  }

  private static String file(String fields) {
    return "{'files': [{'file': 'app.bin', %s}]}".formatted(fields);
  }

  @Test
  void text_that_could_play_with_a_terminal_is_passed_over() throws MalformedException {
    DfuPackage dfu = read(file("'board': 'a\\u001b[2Jb', 'soc': 'nrf'"), APP_BIN);
    assertThat(dfu.files().getFirst().board()).isEmpty();
    assertThat(dfu.files().getFirst().soc()).contains("nrf");
  }

  @Test
  void a_package_is_written_as_builds_write_it_today() throws MalformedException {
    DfuFile file =
        DfuFile.builder("app.bin", APP)
            .type(Optional.of("application"))
            .board(Optional.of("sensor"))
            .soc(Optional.of("nrf52840"))
            .loadAddress(OptionalLong.of(0xc200))
            .image(Optional.of(0))
            .slotIndexes(Optional.of(DfuFile.SlotIndexes.ofImage(0)))
            .version(Optional.of(new DfuVersion(DfuVersion.Field.MCUBOOT, "1.2.3+4")))
            .modified(OptionalLong.of(5))
            .build();
    Bytes zip = DfuPackage.of(Optional.of("mine"), 6, List.of(file)).write();
    assertThat(Archive.read(zip).getLast().content().toUtf8().replace('"', '\''))
        .isEqualTo(
            "{'format-version':1,'time':6,'files':[{'type':'application','board':'sensor',"
                + "'soc':'nrf52840','load_address':49664,'image_index':'0',"
                + "'slot_index_primary':'1','slot_index_secondary':'2',"
                + "'version_MCUBOOT':'1.2.3+4','size':700,'file':'app.bin','modtime':5}],"
                + "'name':'mine'}");
  }

  @Test
  void what_cannot_be_read_back_cannot_be_made() {
    assertThatThrownBy(() -> DfuFile.builder("a/b", APP).build()).hasMessageContaining("folder");
    assertThatThrownBy(() -> DfuFile.builder("a", APP).slot(Optional.of(2)).build())
        .hasMessageContaining("slots 0 or 1");
    assertThatThrownBy(
            () ->
                DfuFile.builder("a", APP)
                    .further(CborMap.builder().put("slot", new CborText("0")).build())
                    .build())
        .hasMessageContaining("place of its own");
    DfuFile file = DfuFile.builder("a", APP).build();
    assertThatThrownBy(() -> DfuPackage.of(Optional.empty(), 0, List.of(file, file)))
        .hasMessageContaining("twice");
    assertThatThrownBy(() -> DfuPackage.of(Optional.empty(), 0, List.of()))
        .hasMessageContaining("at least one");
    DfuFile manifest = DfuFile.builder("Manifest.JSON", APP).build();
    assertThatThrownBy(() -> DfuPackage.of(Optional.empty(), 0, List.of(manifest)))
        .hasMessageContaining("twice");
  }
}
