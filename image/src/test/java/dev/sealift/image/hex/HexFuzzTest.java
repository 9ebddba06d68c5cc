// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.hex;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class HexFuzzTest {
  private static final Duration TIME = Duration.ofSeconds(15);

  @Test
  void any_text_is_refused_as_hex_or_comes_back_as_the_same_file() {
    assertThat(Fuzzing.fuzz(HexTarget.class, TIME)).isGreaterThan(10_000);
  }

  /// The input stands alone, and cut into records whose marks, counts and checksums are right.
  public static final class HexTarget {
    private HexTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      tryFile(Bytes.of(data));
      tryFile(Bytes.ofUtf8(records(Bytes.of(data))));
    }

    private static String records(Bytes data) {
      StringBuilder text = new StringBuilder();
      int at = 0;
      while (at + 4 <= data.size()) {
        int count = Math.min(data.at(at) % 24, data.size() - at - 4);
        byte[] record = new byte[count + 5];
        data.slice(at, at + 4 + count).copyTo(record, 0);
        record[0] = (byte) count;
        record[3] = (byte) (record[3] & 7);
        byte sum = 0;
        for (byte one : record) {
          sum += one;
        }
        record[count + 4] = (byte) -sum;
        text.append(':').append(HexFormat.of().formatHex(record)).append('\n');
        at += 4 + count;
      }
      return text.append(":00000001FF").toString();
    }

    private static void tryFile(Bytes text) {
      try {
        HexFile file = HexFile.read(text);
        if (!HexFile.read(file.write()).equals(file)) {
          throw new AssertionError("written and read as another file: " + file);
        }
        if (file.span() < 1 << 20 && file.flat(0xff).size() != file.span()) {
          throw new AssertionError("in one piece of another size");
        }
      } catch (MalformedException e) {
        if (!e.getMessage().startsWith("line ")) {
          throw new AssertionError("refused without a line: " + e.getMessage(), e);
        }
      }
    }
  }
}
