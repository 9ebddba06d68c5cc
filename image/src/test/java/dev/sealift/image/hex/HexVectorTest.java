// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.testkit.Vectors;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;

/// The recorded HEX files, as text and as segments. The images in them are judged by the vector
/// test of images.
class HexVectorTest {
  private static final Vectors VECTORS = Vectors.of("mcuboot");
  private static final CborFields ROOT = root();
  private static final Map<String, Integer> COUNTS = new TreeMap<>();

  private static CborFields root() {
    try {
      return CborFields.of(VECTORS.json("vectors.json"), "vectors");
    } catch (MalformedException e) {
      throw new IllegalStateException(e);
    }
  }

  @AfterAll
  static void print() {
    System.out.println("mcuboot HEX vectors in " + VECTORS.folder().getFileName());
    COUNTS.forEach((what, count) -> System.out.println("  %-46s %4d".formatted(what, count)));
  }

  private static void count(String what) {
    COUNTS.merge(what, 1, Integer::sum);
  }

  @Test
  void every_written_file_holds_the_recorded_segments_and_is_written_the_same()
      throws MalformedException {
    for (CborItem item : ROOT.list("vectors")) {
      CborFields output =
          CborFields.of(CborFields.of(item, "vector").required(new CborText("output")), "output");
      String name = output.text("file");
      if (!name.endsWith(".hex")) {
        continue;
      }
      Bytes text = VECTORS.file(name);
      HexFile file = HexFile.read(text);
      List<List<Long>> segments = new ArrayList<>();
      for (CborItem segment : output.list("hex_segments")) {
        CborFields ends = CborFields.of(segment, "segment");
        segments.add(List.of(ends.integer("start"), ends.integer("end")));
      }
      assertThat(file.segments().stream().map(s -> List.of(s.address(), s.end())).toList())
          .as(name)
          .isEqualTo(segments);
      assertThat(file.segments().getFirst().data().sha256().toHex())
          .as(name)
          .isEqualTo(output.text("first_segment_sha256"));
      assertThat(file.write()).as(name).isEqualTo(text);
      count("outputs: segments as recorded, the same text");
    }
  }

  @Test
  void every_input_is_the_recorded_data() throws MalformedException {
    CborFields payloads = CborFields.of(ROOT.required(new CborText("payloads")), "payloads");
    for (CborItem payload : payloads.map().entries().values()) {
      CborFields facts = CborFields.of(payload, "payload");
      if (!facts.text("file").endsWith(".hex")) {
        continue;
      }
      String name = facts.text("file");
      HexFile file = HexFile.read(VECTORS.file(name));
      assertThat(file.address()).as(name).isEqualTo(facts.integer("min_addr"));
      Bytes flat = file.flat(0xff);
      assertThat((long) flat.size()).as(name).isEqualTo(facts.integer("data_size"));
      assertThat(flat.sha256().toHex()).as(name).isEqualTo(facts.text("data_sha256"));
      assertThat(HexFile.read(file.write())).as(name).isEqualTo(file);
      count("inputs: data as recorded");
    }
  }

  @Test
  void every_broken_file_is_refused_with_a_line() throws MalformedException {
    for (CborItem item : ROOT.list("hostile")) {
      CborFields hostile = CborFields.of(item, "hostile");
      if (!hostile.text("reason_code").equals("BAD_HEX")
          || !hostile.text("required_verdict").equals("reject")) {
        continue;
      }
      Bytes text = VECTORS.file(hostile.text("file"));
      assertThatThrownBy(() -> HexFile.read(text).flat(0xff))
          .as(hostile.text("name"))
          .isInstanceOf(MalformedException.class)
          .hasMessageStartingWith("line ");
      count("hostile: refused");
    }
  }
}
