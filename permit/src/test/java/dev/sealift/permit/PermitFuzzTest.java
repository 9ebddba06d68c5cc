// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.testkit.Fuzzing;
import java.time.Duration;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("ci")
class PermitFuzzTest {
  @Test
  void no_bytes_that_nobody_signed_are_accepted() {
    assertThat(Fuzzing.fuzz(BundleTarget.class, Duration.ofSeconds(15))).isGreaterThan(1_000);
  }

  @Test
  void no_envelope_that_nobody_signed_is_accepted() {
    assertThat(Fuzzing.fuzz(EnvelopeTarget.class, Duration.ofSeconds(15))).isGreaterThan(1_000);
  }

  @Test
  void any_bytes_are_refused_or_are_a_file_that_comes_back() {
    assertThat(Fuzzing.fuzz(FileTarget.class, Duration.ofSeconds(15))).isGreaterThan(1_000);
  }

  @Test
  void any_bytes_are_refused_or_are_a_root_that_comes_back() {
    assertThat(Fuzzing.fuzz(RootTarget.class, Duration.ofSeconds(15))).isGreaterThan(1_000);
  }

  private static final World WORLD = new World();

  private static void mustRefuse(Bytes bundle) {
    switch (PermitCheck.decide(bundle, WORLD.facts, WORLD.state, WORLD.root, Checks.all())) {
      case Verdict.Refuse _ -> {}
      case Verdict.Install _, Verdict.Carry _ -> throw new AssertionError("accepted " + bundle);
    }
  }

  public static final class BundleTarget {
    private BundleTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      mustRefuse(Bytes.of(data));
    }
  }

  /// Blocks of any bytes over a good digest.
  public static final class EnvelopeTarget {
    private static final SuitEnvelope GOOD = WORLD.envelope(WORLD.good());

    private EnvelopeTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      mustRefuse(Bundle.of(GOOD.withBlocks(List.of(GOOD.blocks().getFirst(), bytes))).encode());
      mustRefuse(
          Bundle.of(new SuitEnvelope(bytes, GOOD.blocks(), bytes, new TreeMap<>(), new TreeMap<>()))
              .encode());
    }
  }

  public static final class FileTarget {
    private FileTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      try {
        ReleaseFile file = ReleaseFile.read(Bytes.of(data));
        if (!file.encode().equals(Bytes.of(data))) {
          throw new AssertionError("not the same file");
        }
        file.judge();
      } catch (MalformedException _) {
        return;
      }
    }
  }

  public static final class RootTarget {
    private RootTarget() {}

    public static void fuzzerTestOneInput(byte[] data) {
      try {
        Root root = Root.decode(Bytes.of(data));
        if (!Root.decode(root.encode()).equals(root)) {
          throw new AssertionError("not the same root");
        }
      } catch (MalformedException _) {
        return;
      }
    }
  }
}
