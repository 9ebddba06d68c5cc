// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.bytes.curve.CurvePoint;
import dev.sealift.suit.cose.AlgorithmNames;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.testkit.Vectors;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/// Examples of the SUIT drafts and of other implementations, and bad ones made from them. They are
/// not ours to pass on, so they lie outside of the repository, and the test skips without them.
class SuitVectorTest {
  private final Map<String, Integer> counts = new TreeMap<>();

  @Test
  void the_world_s_manifests_are_read_verified_and_written_back() throws MalformedException {
    Vectors vectors = vectors();
    Map<String, CoseKey> keys = keys(vectors);
    for (CborItem item : list(vectors, "index.json")) {
      CborFields entry = CborFields.of(item, "vector");
      String file = entry.text("file");
      Bytes bytes = hex(vectors, entry);
      Optional<String> signer = entry.optionalText("signer");
      if (signer.isEmpty()) {
        count("skipped: encryption not done yet");
        continue;
      }
      SuitEnvelope envelope = readAndWriteBack(file, bytes);
      Optional<String> digest = entry.optionalText("manifest_digest");
      if (digest.isPresent()) {
        assertThat(accepted(file, envelope.digest()).value().toHex()).isEqualTo(digest.get());
      }
      SuitManifest manifest = accepted(file, envelope.inspect());
      assertThat(manifest.encode()).as(file).isEqualTo(envelope.manifestBytes());
      Optional<Long> sequence = entry.optionalInteger("sequence");
      if (sequence.isPresent()) {
        assertThat(manifest.sequenceNumber().longValueExact()).isEqualTo(sequence.get());
      }
      if (signer.get().equals("none")) {
        assertThat(reason(envelope, List.copyOf(keys.values())))
            .as(file)
            .contains(SuitRefusal.Reason.UNAUTHENTIC);
        count("good: unsigned, read and refused");
      } else if (!keys.containsKey(signer.get())) {
        assertThat(reason(envelope, List.copyOf(keys.values())))
            .as(file)
            .contains(SuitRefusal.Reason.UNSUPPORTED);
        count("good: read, its MAC not verified yet");
      } else {
        verify(file, envelope, keys.get(signer.get()), entry.integer("alg"));
        count("good: verified");
      }
    }
    report();
  }

  @Test
  void bad_manifests_are_refused_where_and_why_they_must_be() throws MalformedException {
    Vectors vectors = vectors();
    Set<String> signers = new LinkedHashSet<>();
    for (CborItem item : list(vectors, "index.json")) {
      CborFields.of(item, "vector").optionalText("signer").ifPresent(signers::add);
    }
    Map<String, CoseKey> keys = keys(vectors);
    keys.keySet().retainAll(signers);
    for (CborItem item : list(vectors, "negative.json")) {
      CborFields entry = CborFields.of(item, "vector");
      String what = entry.text("file") + ": " + entry.text("change");
      SuitStage stage = SuitStage.valueOf(entry.text("stage").toUpperCase(java.util.Locale.ROOT));
      long code = entry.integer("code");
      Optional<SuitRefusal> refusal = judge(hex(vectors, entry), List.copyOf(keys.values()), code);
      boolean early = stage == SuitStage.DECODE || stage == SuitStage.AUTHENTICATE;
      if (refusal.isEmpty()) {
        if (early) {
          fail(what + ": accepted");
        }
        count("skipped: left to profile or processor");
        continue;
      }
      assertThat((long) code(refusal.get().reason())).as(what + ": " + refusal).isEqualTo(code);
      if (early) {
        assertThat(refusal.get().stage()).as(what + ": " + refusal).isEqualTo(stage);
      }
      count("bad: refused with its code");
    }
    report();
  }

  private static SuitEnvelope readAndWriteBack(String file, Bytes bytes) {
    boolean tagged = bytes.at(0) >> 5 == 6;
    SuitEnvelope envelope =
        accepted(file, tagged ? SuitEnvelope.decode(bytes) : SuitEnvelope.decodeUntagged(bytes));
    assertThat(tagged ? envelope.encode() : envelope.encodeUntagged()).as(file).isEqualTo(bytes);
    return envelope;
  }

  private static void verify(String file, SuitEnvelope envelope, CoseKey key, long algorithm) {
    AuthenticEnvelope authentic =
        accepted(
            file,
            envelope.authenticate(Authority.anyOf(List.of(key)), AlgorithmNames.WITH_DEPRECATED));
    assertThat(authentic.signers()).as(file).containsExactly(key);
    if (algorithm != key.algorithm().id()) {
      assertThat(envelope.authenticate(Authority.anyOf(List.of(key)), AlgorithmNames.CURRENT))
          .as(file + " under its deprecated name")
          .isInstanceOf(SuitOutcome.Refused.class);
    }
  }

  private static Optional<SuitRefusal> judge(Bytes bytes, List<CoseKey> keys, long code) {
    return switch (SuitEnvelope.decode(bytes)) {
      case SuitOutcome.Refused<SuitEnvelope>(var refusal) -> Optional.of(refusal);
      case SuitOutcome.Accepted<SuitEnvelope>(var envelope) -> {
        // Where signers are said to be missing, every block must count.
        Authority authority =
            code == 4 ? all(keys, envelope.blocks().size()) : Authority.anyOf(keys);
        yield switch (envelope.authenticate(authority, AlgorithmNames.WITH_DEPRECATED)) {
          case SuitOutcome.Refused<AuthenticEnvelope>(var refusal) -> Optional.of(refusal);
          case SuitOutcome.Accepted<AuthenticEnvelope>(var authentic) ->
              switch (authentic.manifest()) {
                case SuitOutcome.Refused<SuitManifest>(var refusal) -> Optional.of(refusal);
                case SuitOutcome.Accepted<SuitManifest> _ -> Optional.empty();
              };
        };
      }
    };
  }

  private static Authority all(List<CoseKey> keys, int wanted) {
    return new Authority() {
      @Override
      public List<CoseKey> candidates(Optional<Bytes> keyId) {
        return Authority.anyOf(keys).candidates(keyId);
      }

      @Override
      public Judgement judge(List<CoseKey> signers) {
        return signers.size() >= wanted ? new Judgement.Enough() : new Judgement.Wanting("too few");
      }
    };
  }

  private static Optional<SuitRefusal.Reason> reason(SuitEnvelope envelope, List<CoseKey> keys) {
    return switch (envelope.authenticate(Authority.anyOf(keys), AlgorithmNames.CURRENT)) {
      case SuitOutcome.Refused<AuthenticEnvelope>(var refusal) -> Optional.of(refusal.reason());
      case SuitOutcome.Accepted<AuthenticEnvelope> _ -> Optional.empty();
    };
  }

  /// The refusal numbers of the permit, which the vectors use.
  private static int code(SuitRefusal.Reason reason) {
    return switch (reason) {
      case MALFORMED -> 1;
      case UNSUPPORTED -> 2;
      case UNAUTHENTIC -> 3;
      case SIGNERS_MISSING -> 4;
      case COMPONENT -> 23;
    };
  }

  private static <T> T accepted(String what, SuitOutcome<T> outcome) {
    return switch (outcome) {
      case SuitOutcome.Accepted<T>(var value) -> value;
      case SuitOutcome.Refused<T>(var refusal) -> throw new AssertionError(what + ": " + refusal);
    };
  }

  private static Map<String, CoseKey> keys(Vectors vectors) throws MalformedException {
    Map<String, CoseKey> keys = new LinkedHashMap<>();
    CborFields all = CborFields.of(vectors.json("keys/keys.json"), "keys");
    for (var entry : all.map().entries().entrySet()) {
      CborFields fields = CborFields.of(entry.getValue(), "key");
      String name = ((CborText) entry.getKey()).value();
      switch (fields.optionalText("crv").orElse("symmetric")) {
        case "P-256" ->
            keys.put(
                name,
                new CoseKey.P256(
                    CurvePoint.decode(
                        Curve.P256, Bytes.ofHex(fields.text("x")), Bytes.ofHex(fields.text("y")))));
        case "Ed25519" -> keys.put(name, new CoseKey.Ed25519(Bytes.ofHex(fields.text("x"))));
        default -> {}
      }
    }
    return keys;
  }

  private static Bytes hex(Vectors vectors, CborFields entry) throws MalformedException {
    Bytes bytes = Bytes.ofHex(vectors.file(entry.text("file")).toUtf8().replaceAll("\\s", ""));
    assertThat(bytes.sha256().toHex()).isEqualTo(entry.text("sha256"));
    assertThat(CborInt.of(bytes.size())).isEqualTo(CborInt.of(entry.integer("bytes")));
    return bytes;
  }

  private static List<CborItem> list(Vectors vectors, String name) throws MalformedException {
    return new ArrayList<>(CborFields.expect(vectors.json(name), CborList.class, name).items());
  }

  private static Vectors vectors() {
    Optional<Vectors> vectors = Vectors.find("suit", Path.of("../shared/vectors/suit"));
    if (vectors.isEmpty()) {
      System.out.println("suit vectors: skipped, -Dsealift.vectors.suit=DIR names their folder");
    }
    Assumptions.assumeTrue(vectors.isPresent());
    return vectors.orElseThrow();
  }

  private void count(String what) {
    counts.merge(what, 1, Integer::sum);
  }

  private void report() {
    System.out.println("suit vectors:");
    counts.forEach((what, count) -> System.out.printf("  %4d  %s%n", count, what));
  }
}
