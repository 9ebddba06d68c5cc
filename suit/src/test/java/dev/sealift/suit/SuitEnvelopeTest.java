// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.suit.SuitCommand.Check;
import dev.sealift.suit.SuitCommand.ComponentIndex;
import dev.sealift.suit.SuitCommand.Condition;
import dev.sealift.suit.SuitCommand.Directive;
import dev.sealift.suit.SuitCommand.ReportPolicy;
import dev.sealift.suit.cose.AlgorithmNames;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseKeyPair;
import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.SecureRandom;
import java.security.spec.EdECPrivateKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class SuitEnvelopeTest {
  private static final SecureRandom RANDOM = new SecureRandom();

  private final CoseKeyPair one = CoseKeyPair.generate(CoseAlgorithm.ESP256, RANDOM);
  private final CoseKeyPair two = CoseKeyPair.generate(CoseAlgorithm.ED25519, RANDOM);

  /// The bytes stand here for good: Ed25519 signs the same bytes the same way, and the key is the
  /// first test key of RFC 8032, 7.1.
  @Test
  void an_envelope_once_written_stays_as_it_is() throws Exception {
    CoseKey publicKey =
        new CoseKey.Ed25519(
            Bytes.ofHex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a"));
    CoseKeyPair pair =
        CoseKeyPair.of(
            publicKey,
            KeyFactory.getInstance("Ed25519")
                .generatePrivate(
                    new EdECPrivateKeySpec(
                        NamedParameterSpec.ED25519,
                        Bytes.ofHex(
                                "9d61b19deffd5a60ba844af492ec2cc4"
                                    + "4449c5697b326919703bac031cae7f60")
                            .toArray())),
            RANDOM);
    SuitEnvelope envelope = SuitEnvelope.unsigned(manifest()).signedBy(pair);
    assertThat(envelope.encode().toHex()).isEqualTo(GOLDEN);
    SuitEnvelope read = accepted(SuitEnvelope.decode(Bytes.ofHex(GOLDEN)));
    AuthenticEnvelope authentic =
        accepted(read.authenticate(Authority.anyOf(List.of(publicKey)), AlgorithmNames.CURRENT));
    assertThat(accepted(authentic.manifest())).isEqualTo(manifest());
  }

  private static final String GOLDEN =
      "d86ba202587d825824822f58206d16b5ed18cbe58fde7affa55d570f891dfbfb"
          + "de75c76db9ba59fff67e7f327d5854d2844da201320448866eefbd6718c884a0"
          + "f658406c638bc1bb3a10ba84e5d74cf79e5935ccf4b2f5512a3a80125f71e3e8"
          + "34b85c3feb5c288e259532e930e651fe717c486d972b5560e3cf8e6b352bcf0a"
          + "fe8c0e035847a501010205035834a2028181410004582b8614a2015001010101"
          + "010101010101010101010101025002020202020202020202020202020202010f"
          + "020f064483010802074382030f";

  /// 39 kB of signatures, far beyond what any device takes: no limit of ours stands in the way.
  @Test
  void an_envelope_holds_post_quantum_signatures_up_to_the_last_block() {
    SuitEnvelope envelope = SuitEnvelope.unsigned(manifest());
    List<CoseKey> keys = new ArrayList<>();
    for (int i = 0; i < SuitEnvelope.BLOCKS_MAX; i++) {
      CoseKeyPair pair = CoseKeyPair.generate(CoseAlgorithm.ML_DSA_44, RANDOM);
      keys.add(pair.publicKey());
      envelope = envelope.signedBy(pair);
    }
    assertThat(envelope.encode().size()).isGreaterThan(16 * 2420);
    AuthenticEnvelope authentic =
        accepted(
            accepted(SuitEnvelope.decode(envelope.encode()))
                .authenticate(Authority.anyOf(keys), AlgorithmNames.CURRENT));
    assertThat(authentic.signers()).isEqualTo(keys);
  }

  @Test
  void every_command_and_parameter_comes_back() {
    SuitManifest manifest = everything();
    SuitEnvelope envelope = SuitEnvelope.unsigned(manifest);
    assertThat(accepted(SuitEnvelope.decode(envelope.encode()))).isEqualTo(envelope);
    assertThat(accepted(envelope.inspect())).isEqualTo(manifest);
  }

  @Test
  void signers_are_counted_by_key_and_not_by_block() {
    SuitEnvelope envelope =
        SuitEnvelope.unsigned(manifest()).signedBy(one).signedBy(one).signedBy(two);
    assertThat(signers(envelope, one, two)).containsExactly(one.publicKey(), two.publicKey());
    assertThat(signers(envelope, one)).containsExactly(one.publicKey());
  }

  @Test
  void a_block_by_an_unknown_key_counts_for_nothing() {
    SuitEnvelope envelope = SuitEnvelope.unsigned(manifest()).signedBy(one);
    assertThat(refusal(envelope, two).reason()).isEqualTo(SuitRefusal.Reason.UNAUTHENTIC);
    assertThat(signers(envelope.signedBy(two), two)).containsExactly(two.publicKey());
  }

  @Test
  void a_forged_block_refuses_even_beside_a_good_one() {
    SuitEnvelope other =
        SuitEnvelope.unsigned(with(manifest(), BigInteger.valueOf(6))).signedBy(one);
    SuitEnvelope envelope = SuitEnvelope.unsigned(manifest()).signedBy(two);
    SuitEnvelope both =
        envelope.withBlocks(List.of(envelope.blocks().getFirst(), other.blocks().getFirst()));
    assertThat(refusal(both, one, two).reason()).isEqualTo(SuitRefusal.Reason.UNAUTHENTIC);
  }

  @Test
  void no_manifest_is_parsed_before_somebody_stands_for_it() {
    Bytes nonsense = Bytes.filled(300, 0x81);
    SuitEnvelope envelope =
        new SuitEnvelope(
            SuitDigest.ofWrapped(nonsense).encode(),
            List.of(),
            nonsense,
            new TreeMap<>(),
            new TreeMap<>());
    assertThat(refusal(envelope, one).stage()).isEqualTo(SuitStage.AUTHENTICATE);
    AuthenticEnvelope authentic =
        accepted(
            envelope
                .signedBy(one)
                .authenticate(Authority.anyOf(List.of(one.publicKey())), AlgorithmNames.CURRENT));
    assertThat(authentic.manifest())
        .isInstanceOfSatisfying(
            SuitOutcome.Refused.class,
            refused ->
                assertThat(refused.refusal())
                    .isInstanceOfSatisfying(
                        SuitRefusal.class,
                        refusal ->
                            assertThat(refusal.reason()).isEqualTo(SuitRefusal.Reason.MALFORMED)));
  }

  @Test
  void what_was_severed_must_fit_what_was_signed() {
    SuitSequence install = SuitSequence.of(new SuitCommand.Act(Directive.FETCH, ReportPolicy.ALL));
    SuitManifest severing =
        sections(
            Map.of(
                SuitSection.INSTALL,
                new SuitMember.Severed<>(
                    SuitDigest.ofWrapped(install.encode()), Optional.empty())));
    SuitEnvelope without = SuitEnvelope.unsigned(severing);
    assertThat(accepted(without.inspect()).sequence(SuitSection.INSTALL)).isEmpty();
    assertThat(accepted(bringing(without, 20, install.encode()).inspect()))
        .extracting(manifest -> manifest.sequence(SuitSection.INSTALL))
        .isEqualTo(Optional.of(install));
    assertThat(refused(bringing(without, 20, Bytes.ofHex("80")).inspect()).reason())
        .isEqualTo(SuitRefusal.Reason.UNAUTHENTIC);
    assertThat(refused(bringing(without, 16, install.encode()).inspect()).reason())
        .isEqualTo(SuitRefusal.Reason.UNAUTHENTIC);
  }

  @Test
  void members_that_nobody_knows_are_refused() {
    SuitEnvelope envelope = SuitEnvelope.unsigned(manifest());
    CborMap map =
        CborMap.builder()
            .put(2, new CborBytes(Bytes.ofHex("80")))
            .put(3, envelope.manifestBytes())
            .put(99, Bytes.EMPTY)
            .build();
    assertThat(
            refused(
                    SuitEnvelope.decode(
                        Cbor.deterministic(new dev.sealift.bytes.cbor.CborTag(107, map))))
                .reason())
        .isEqualTo(SuitRefusal.Reason.UNSUPPORTED);
  }

  private SuitManifest manifest() {
    return sections(
        Map.of(
            SuitSection.VALIDATE,
            new SuitMember.Inside<>(
                SuitSequence.of(new Check(Condition.IMAGE_MATCH, ReportPolicy.ALL)))));
  }

  private static SuitManifest with(SuitManifest manifest, BigInteger sequenceNumber) {
    return new SuitManifest(
        sequenceNumber,
        manifest.common(),
        manifest.referenceUri(),
        manifest.componentId(),
        manifest.version(),
        manifest.sections(),
        manifest.coswid(),
        manifest.text());
  }

  private static SuitManifest sections(Map<SuitSection, SuitMember<SuitSequence>> sections) {
    return new SuitManifest(
        BigInteger.valueOf(5),
        SuitCommon.of(
            List.of(ComponentId.of(Bytes.ofHex("00"))),
            SuitSequence.of(
                new SuitCommand.OverrideParameters(
                    SuitParameters.of(
                        new SuitParameter.VendorId(Bytes.filled(16, 1)),
                        new SuitParameter.ClassId(Bytes.filled(16, 2)))),
                new Check(Condition.VENDOR_ID, ReportPolicy.ALL),
                new Check(Condition.CLASS_ID, ReportPolicy.ALL))),
        Optional.empty(),
        Optional.empty(),
        Optional.of(SuitVersion.of(1, 8, 2)),
        sections,
        Optional.empty(),
        Optional.empty());
  }

  private static SuitManifest everything() {
    SuitParameters all =
        SuitParameters.of(
            new SuitParameter.VendorPen(Bytes.ofHex("0102")),
            new SuitParameter.ClassId(Bytes.filled(16, 2)),
            new SuitParameter.ImageDigest(SuitDigest.of(Bytes.EMPTY)),
            new SuitParameter.UseBefore(BigInteger.TWO.pow(64).subtract(BigInteger.ONE)),
            new SuitParameter.ComponentSlot(1),
            new SuitParameter.StrictOrder(SuitParameter.Setting.OFF),
            new SuitParameter.ImageSize(77),
            new SuitParameter.Content(Bytes.ofHex("2a000000")),
            new SuitParameter.EncryptionInfo(Bytes.ofHex("d86080")),
            new SuitParameter.Uri("#fw"),
            new SuitParameter.SourceComponent(0),
            new SuitParameter.InvokeArguments(Bytes.ofHex("00")),
            new SuitParameter.DeviceId(Bytes.filled(16, 3)),
            new SuitParameter.FetchArguments(Bytes.ofHex("01")),
            new SuitParameter.MinimumBattery(10),
            new SuitParameter.Priority(-1),
            new SuitParameter.VersionMatch(
                SuitParameter.Comparison.LESS, SuitVersion.of(1, 0, -1, 2)),
            new SuitParameter.WaitInfo(CborMap.builder().put(2, 1).build()),
            new SuitParameter.ComponentMetadata(CborMap.builder().put(5, 1).build()),
            new SuitParameter.Custom(-257, new CborText("ours")));
    java.util.List<SuitCommand> commands = new java.util.ArrayList<>();
    for (Condition condition : Condition.values()) {
      commands.add(new Check(condition, new ReportPolicy(2)));
    }
    for (Directive directive : Directive.values()) {
      commands.add(new SuitCommand.Act(directive, ReportPolicy.ALL));
    }
    SuitSequence soft =
        SuitSequence.of(
            new SuitCommand.SetParameters(
                SuitParameters.of(new SuitParameter.SoftFailure(SuitParameter.Setting.ON))));
    TreeMap<Long, SuitParameters> multiple = new TreeMap<>();
    multiple.put(0L, SuitParameters.of(new SuitParameter.Priority(0)));
    TreeMap<Long, List<Long>> copies = new TreeMap<>();
    copies.put(0L, List.of(4L, 26L));
    commands.addAll(
        List.of(
            new SuitCommand.SetComponentIndex(new ComponentIndex.One(0)),
            new SuitCommand.SetComponentIndex(new ComponentIndex.All()),
            new SuitCommand.SetComponentIndex(new ComponentIndex.Several(List.of(0L, 1L))),
            new SuitCommand.OverrideParameters(all),
            new SuitCommand.TryEach(List.of(soft, soft), SuitCommand.Otherwise.FAIL),
            new SuitCommand.TryEach(List.of(soft), SuitCommand.Otherwise.SUCCEED),
            new SuitCommand.RunSequence(soft),
            new SuitCommand.OverrideMultiple(multiple),
            new SuitCommand.CopyParameters(copies),
            new SuitCommand.Custom(-300, CborInt.of(1))));
    SuitSequence sequence = new SuitSequence(commands);
    Map<SuitSection, SuitMember<SuitSequence>> sections = new EnumMap<>(SuitSection.class);
    for (SuitSection section : SuitSection.values()) {
      sections.put(section, new SuitMember.Inside<>(sequence));
    }
    TreeMap<Long, Optional<ComponentId>> dependencies = new TreeMap<>();
    dependencies.put(1L, Optional.of(ComponentId.of(Bytes.ofHex("aa"))));
    dependencies.put(2L, Optional.empty());
    return new SuitManifest(
        BigInteger.TWO.pow(64).subtract(BigInteger.ONE),
        new SuitCommon(
            dependencies, List.of(ComponentId.of(Bytes.ofHex("00"))), Optional.of(soft())),
        Optional.of("https://example.com/full.suit"),
        Optional.of(ComponentId.of(Bytes.ofHex("01"), Bytes.ofHex("02"))),
        Optional.of(SuitVersion.of(1, 9, 0, -1, 2)),
        sections,
        Optional.of(new SuitMember.Severed<>(SuitDigest.of(Bytes.EMPTY), Optional.empty())),
        Optional.of(new SuitMember.Inside<>(Bytes.ofHex("a0"))));
  }

  private static SuitSequence soft() {
    return SuitSequence.of(new Check(Condition.CLASS_ID, ReportPolicy.ALL));
  }

  private static SuitEnvelope bringing(SuitEnvelope envelope, int label, Bytes member) {
    TreeMap<Integer, Bytes> severed = new TreeMap<>();
    severed.put(label, member);
    return new SuitEnvelope(
        envelope.digestBytes(),
        envelope.blocks(),
        envelope.manifestBytes(),
        severed,
        envelope.integrated());
  }

  private static List<CoseKey> signers(SuitEnvelope envelope, CoseKeyPair... known) {
    return accepted(envelope.authenticate(anyOf(known), AlgorithmNames.CURRENT)).signers();
  }

  private static SuitRefusal refusal(SuitEnvelope envelope, CoseKeyPair... known) {
    return refused(envelope.authenticate(anyOf(known), AlgorithmNames.CURRENT));
  }

  private static Authority anyOf(CoseKeyPair... known) {
    return Authority.anyOf(java.util.Arrays.stream(known).map(CoseKeyPair::publicKey).toList());
  }

  private static <T> T accepted(SuitOutcome<T> outcome) {
    return switch (outcome) {
      case SuitOutcome.Accepted<T>(var value) -> value;
      case SuitOutcome.Refused<T>(var refusal) -> throw new AssertionError(refusal);
    };
  }

  private static <T> SuitRefusal refused(SuitOutcome<T> outcome) {
    return switch (outcome) {
      case SuitOutcome.Refused<T>(var refusal) -> refusal;
      case SuitOutcome.Accepted<T>(var value) -> throw new AssertionError("accepted " + value);
    };
  }
}
