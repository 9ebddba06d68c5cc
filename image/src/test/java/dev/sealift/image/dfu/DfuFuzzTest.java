// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class DfuFuzzTest {
  private static final Duration TIME = Duration.ofSeconds(15);

  @Test
  void any_bytes_are_refused_as_a_package_or_come_back() {
    assertThat(Fuzzing.fuzz(PackageTarget.class, TIME)).isGreaterThan(1_000);
  }

  /// The input stands alone, as the manifest of a whole archive, and as a change of one.
  public static final class PackageTarget {
    private static final Bytes APP = Bytes.filled(64, 0x11);
    private static final Bytes WHOLE =
        Archive.write(members(Bytes.ofUtf8("{\"files\":[{\"file\":\"a\"}]}")));

    private PackageTarget() {}

    private static List<Member> members(Bytes manifest) {
      return List.of(
          new Member("a", APP), new Member("b", APP), new Member("manifest.json", manifest));
    }

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      tryArchive(bytes);
      tryManifest(bytes);
      tryManifest(Bytes.ofUtf8("{\"files\":[{\"file\":\"a\",%s}]}".formatted(bytes.toUtf8())));
      if (bytes.size() > 2) {
        byte[] changed = WHOLE.toArray();
        Bytes patch = bytes.from(2);
        int at = (bytes.at(0) << 8 | bytes.at(1)) % changed.length;
        patch.first(Math.min(patch.size(), changed.length - at)).copyTo(changed, at);
        tryArchive(Bytes.owning(changed));
      }
    }

    private static void tryArchive(Bytes zip) {
      try {
        checkComesBack(DfuPackage.read(zip));
      } catch (MalformedException _) {
        // Refused with a sentence, as it should be.
      }
    }

    private static void tryManifest(Bytes manifest) {
      try {
        checkComesBack(ManifestForm.read(members(manifest)));
      } catch (MalformedException _) {
        // Refused with a sentence, as it should be.
      }
    }

    private static void checkComesBack(DfuPackage dfu) throws MalformedException {
      dfu.targets();
      if (!DfuPackage.read(dfu.write()).equals(dfu)) {
        throw new AssertionError("written and read as another package: " + dfu);
      }
    }
  }
}
