// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.SessionCheck.Answer;
import dev.sealift.permit.StateRecords.Found;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.cose.CoseSign;
import dev.sealift.testkit.Fuzzing;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Whatever comes in is refused for a reason of its own or comes back as it was; nothing that the
/// right keys have not signed is ever installed.
@Tag("ci")
class PermitFuzzTest {
  @ParameterizedTest
  @ValueSource(
      classes = {
        BundleTarget.class,
        ChangedBundleTarget.class,
        EnvelopeTarget.class,
        PartTarget.class,
        SignedTarget.class,
        SessionTarget.class,
        PlanTarget.class,
        FileTarget.class,
        RecordsTarget.class
      })
  void no_bytes_break_a_promise(Class<?> target) {
    // The slowest, a root's eleven points in each bundle, tries a few hundred on a busy machine.
    assertThat(Fuzzing.fuzz(target, Duration.ofSeconds(15))).isGreaterThan(50);
  }

  private static final World WORLD = new World();
  private static final Everything EVERYTHING = Everything.of(WORLD);

  private static void mustRefuse(Bytes bundle, DeviceFacts facts, TrustState state) {
    Decision decision = PermitCheck.decide(bundle, facts, state, Checks.all());
    if (!(decision.verdict() instanceof Verdict.Refuse)) {
      throw new AssertionError("accepted " + bundle.toHex());
    }
    if (!decision.state().isAtLeast(state)) {
      throw new AssertionError("lowered by " + bundle.toHex());
    }
  }

  /// Changes a good thing: three bytes say where and what.
  private static Bytes changed(Bytes good, byte[] data) {
    byte[] bytes = good.toArray();
    for (int i = 0; i + 2 < data.length; i += 3) {
      int at = ((data[i] & 0xff) << 8 | (data[i + 1] & 0xff)) % bytes.length;
      bytes[at] = data[i + 2];
    }
    return Bytes.owning(bytes);
  }

  public static final class BundleTarget {
    private BundleTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      mustRefuse(Bytes.of(data), WORLD.facts, WORLD.state);
    }
  }

  /// A bundle with one of every part, changed anywhere.
  public static final class ChangedBundleTarget {
    private static final Bytes GOOD = EVERYTHING.bundle().encode();

    private ChangedBundleTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = changed(GOOD, data);
      if (!bytes.equals(GOOD)) {
        mustRefuse(bytes, EVERYTHING.facts(), EVERYTHING.state());
      }
    }
  }

  /// Blocks of any bytes over a good digest.
  public static final class EnvelopeTarget {
    private static final SuitEnvelope GOOD = WORLD.envelope(WORLD.good());

    private EnvelopeTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      mustRefuse(
          Bundle.of(GOOD.withBlocks(List.of(GOOD.blocks().getFirst(), bytes))).encode(),
          WORLD.facts,
          WORLD.state);
      mustRefuse(
          Bundle.of(new SuitEnvelope(bytes, GOOD.blocks(), bytes, new TreeMap<>(), new TreeMap<>()))
              .encode(),
          WORLD.facts,
          WORLD.state);
    }
  }

  /// Any bytes in the place of each part, and any payload with somebody else's signature.
  public static final class PartTarget {
    private static final Bundle GOOD = EVERYTHING.bundle();

    private PartTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      refuses(bytes);
      refuses(new CoseSign(bytes, WORLD.newest.message().signatures()).encode());
    }

    private static void refuses(Bytes part) {
      List<Bytes> one = List.of(part);
      List<Bytes> certificates = GOOD.certificates();
      List<Bytes> endorsements = GOOD.endorsements();
      List<Bytes> roots = GOOD.rootUpdates();
      for (Bundle bundle :
          List.of(
              bundle(one, endorsements, GOOD.beacon(), roots),
              bundle(certificates, one, GOOD.beacon(), roots),
              bundle(certificates, endorsements, Optional.of(part), roots),
              bundle(certificates, endorsements, GOOD.beacon(), one))) {
        mustRefuse(bundle.encode(), EVERYTHING.facts(), EVERYTHING.state());
      }
    }

    private static Bundle bundle(
        List<Bytes> certificates,
        List<Bytes> endorsements,
        Optional<Bytes> beacon,
        List<Bytes> roots) {
      return new Bundle(
          GOOD.envelope(), certificates, endorsements, beacon, roots, Optional.empty());
    }
  }

  /// Each kind of signed object, raw and changed: refused, or read into what reads back the same.
  public static final class SignedTarget {
    private static final Map<SignedKind, Bytes> GOOD =
        Map.of(
            SignedKind.ROOT, WORLD.managed.encode(),
            SignedKind.CERTIFICATE, World.certificate(Role.OPERATE, WORLD.stranger).encode(),
            SignedKind.ENDORSEMENT, WORLD.endorsement(WORLD.release()).encode(),
            SignedKind.BEACON, WORLD.beacon(7).encode(),
            SignedKind.SESSION, SessionCases.session(WORLD).encode());

    private SignedTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      GOOD.forEach(
          (kind, good) -> {
            comesBack(kind, CoseSign.unsigned(Bytes.of(data)).encode());
            comesBack(kind, CoseSign.unsigned(changed(good, data)).encode());
            comesBack(kind, Bytes.of(data));
          });
    }

    private static void comesBack(SignedKind kind, Bytes bytes) {
      try {
        switch (kind) {
          case ROOT -> comesBack(bytes, Root::decode);
          case CERTIFICATE -> comesBack(bytes, Certificate::decode);
          case ENDORSEMENT -> comesBack(bytes, Endorsement::decode);
          case BEACON -> comesBack(bytes, Beacon::decode);
          case SESSION -> comesBack(bytes, Session::decode);
        }
      } catch (MalformedException _) {
        return;
      }
    }

    private static <T extends SignedObject> void comesBack(Bytes bytes, Signed.Decoder<T> decoder)
        throws MalformedException {
      Signed<T> signed = Signed.decode(bytes, decoder);
      if (!signed.encode().equals(bytes)) {
        throw new AssertionError("not the same message " + bytes.toHex());
      }
      if (!decoder.decode(signed.content().encode()).equals(signed.content())) {
        throw new AssertionError("not the same content " + bytes.toHex());
      }
    }
  }

  public static final class SessionTarget {
    private static final SessionCases.Case GOOD =
        SessionCases.of(WORLD).stream()
            .filter(one -> one.name().equals("technician-by-certificate-of-an-operator"))
            .findFirst()
            .orElseThrow();

    private SessionTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      refuses(bytes);
      refuses(message(bytes));
      refuses(message(new CoseSign(bytes, WORLD.newest.message().signatures()).encode()));
      Bytes changed = changed(GOOD.message(), data);
      if (!changed.equals(GOOD.message())) {
        refuses(changed);
      }
    }

    private static Bytes message(Bytes session) {
      return Cbor.deterministic(
          CborMap.builder().put(1, session).put(2, CborList.of(new CborBytes(session))).build());
    }

    private static void refuses(Bytes message) {
      if (SessionCheck.decide(message, GOOD.facts(), GOOD.state(), Checks.all())
          instanceof Answer.Granted) {
        throw new AssertionError("granted " + message.toHex());
      }
    }
  }

  public static final class PlanTarget {
    private static final Bytes GOOD =
        ApprovalPlan.unsigned(
                List.of(
                    WORLD.endorsement(WORLD.release()),
                    EndorsementDraft.of(WORLD.endorsement(WORLD.release()))
                        .targets(new Targets.All())
                        .serial(5)
                        .word()))
            .signedBy(WORLD.approveKeys.get(0))
            .encode();

    private PlanTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      comesBack(Bytes.of(data));
      comesBack(changed(GOOD, data));
    }

    private static void comesBack(Bytes bytes) {
      try {
        if (!ApprovalPlan.decode(bytes).encode().equals(bytes)) {
          throw new AssertionError("not the same plan " + bytes.toHex());
        }
      } catch (MalformedException _) {
        return;
      }
    }
  }

  public static final class FileTarget {
    private static final Bytes GOOD =
        ReleaseFile.of(
                WORLD.signed(
                    WORLD.releaseOf(
                        WORLD.part(Place.ofImage(0), World.image(30), 3),
                        WORLD.part(Place.ofImage(1), World.image(50), 3))),
                List.of(World.image(30), World.image(50)))
            .encode();

    private FileTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      comesBack(Bytes.of(data));
      comesBack(changed(GOOD, data));
    }

    private static void comesBack(Bytes bytes) {
      try {
        ReleaseFile file = ReleaseFile.read(bytes);
        if (!file.encode().equals(bytes)) {
          throw new AssertionError("not the same file " + bytes.toHex());
        }
        file.judge();
        ReleaseSummary.of(file.bundle(), Optional.of(WORLD.managed), Map.of());
      } catch (MalformedException _) {
        return;
      }
    }
  }

  /// Any bytes in flash, and any payload under a good checksum.
  public static final class RecordsTarget {
    private static final Bytes ERASED = Bytes.filled(StateRecords.RECORD_BYTES, 0xff);
    private static final Bytes GOOD =
        StateRecords.next(new Found.Blank(), EVERYTHING.after()).record();

    private RecordsTarget() {}

    /// Makes keys and signs before the first input's time is taken.
    public static void fuzzerInitialize() {
      fuzzerTestOneInput(new byte[0]);
    }

    public static void fuzzerTestOneInput(byte[] data) {
      Bytes bytes = Bytes.of(data);
      comesBack(bytes, bytes.first(bytes.size() / 2));
      comesBack(record(bytes), ERASED);
      comesBack(record(changed(GOOD.slice(10, GOOD.size() - 4), data)), GOOD);
    }

    private static void comesBack(Bytes first, Bytes second) {
      switch (StateRecords.read(first, second)) {
        case Found.Blank _, Found.Damaged _ -> {}
        case Found.Current(var state, _, _) -> {
          Bytes again = StateRecords.next(new Found.Blank(), state).record();
          if (!StateRecords.read(again, ERASED)
              .equals(new Found.Current(state, 1, StateRecords.Place.FIRST))) {
            throw new AssertionError("not the same state " + first.toHex());
          }
        }
      }
    }

    private static Bytes record(Bytes payload) {
      Bytes cut = payload.first(Math.min(payload.size(), 0xffff));
      Bytes checked =
          new ByteWriter(ByteOrder.LITTLE_ENDIAN)
              .bytes(Bytes.ofUtf8("SLTS"))
              .u32(7)
              .u16(cut.size())
              .bytes(cut)
              .toBytes();
      CRC32 crc = new CRC32();
      crc.update(checked.toBuffer());
      return new ByteWriter(ByteOrder.LITTLE_ENDIAN).bytes(checked).u32(crc.getValue()).toBytes();
    }
  }
}
