// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ApprovalPlanTest {
  private static final World WORLD = new World();
  private static final Bytes SALT = Bytes.ofUtf8("salt");
  private static final EndorsementDraft DRAFT =
      EndorsementDraft.of(WORLD.endorsement(WORLD.release()));

  private static List<Endorsement> stages(Targets... targets) {
    return IntStream.range(0, targets.length)
        .mapToObj(i -> DRAFT.targets(targets[i]).serial(10 + i).word())
        .toList();
  }

  private static Targets sample(long percent) {
    return new Targets.Sample(SALT, Fraction.percent(percent));
  }

  private static Targets listed(int count) {
    return Targets.Listed.of(
        IntStream.range(0, count).mapToObj(i -> DeviceId.of(WORLD.vendor, "serial " + i)).toList());
  }

  @Test
  void a_plan_widens_from_stage_to_stage_and_comes_back() throws MalformedException {
    for (List<Endorsement> stages :
        List.of(
            stages(sample(1), sample(10), sample(10), sample(100), new Targets.All()),
            stages(listed(1), listed(5), new Targets.All()),
            stages(new Targets.Serials(5, 9), new Targets.Serials(0, 9), new Targets.All()),
            stages(new Targets.All(), new Targets.All()),
            stages(sample(1)))) {
      ApprovalPlan plan =
          ApprovalPlan.unsigned(stages)
              .signedBy(WORLD.approveKeys.get(0))
              .signedBy(WORLD.approveKeys.get(1));
      assertThat(ApprovalPlan.decode(plan.encode())).isEqualTo(plan);
      assertThat(plan.stages()).hasSize(stages.size());
    }
  }

  /// Every stage stands alone: what is handed out is one endorsement like any other.
  @Test
  void each_stage_lets_in_whom_it_means_and_nobody_else() {
    Targets.Sample here = WORLD.sample();
    Targets.Sample nobody = new Targets.Sample(here.salt(), Fraction.NONE);
    ApprovalPlan plan =
        ApprovalPlan.unsigned(stages(nobody, here)).signedBy(WORLD.approveKeys.get(0));
    assertThat(decide(plan.stages().get(0)))
        .isInstanceOfSatisfying(
            Verdict.Refuse.class, refuse -> assertThat(refuse.refusal()).isEqualTo(Refusal.R10));
    assertThat(decide(plan.stages().get(1))).isInstanceOf(Verdict.Install.class);
  }

  private static Verdict decide(Signed<Endorsement> stage) {
    return PermitCheck.decide(
            WORLD.good().withEndorsements(List.of(stage)).withBeacon(WORLD.newest).encode(),
            WORLD.facts,
            WORLD.managedState,
            Checks.all())
        .verdict();
  }

  @Test
  void a_plan_that_makes_no_sense_cannot_be_written_down() {
    Endorsement first = DRAFT.targets(sample(1)).serial(10).word();
    Endorsement second = DRAFT.targets(sample(10)).serial(11).word();
    Endorsement other =
        EndorsementDraft.of(WORLD.endorsement(WORLD.release(new SequenceNumber(1, 6))))
            .targets(sample(10))
            .serial(11)
            .word();
    List<List<Endorsement>> wrong =
        List.of(
            List.of(),
            java.util.Collections.nCopies(17, first),
            List.of(first, first),
            List.of(second, first),
            List.of(first, other),
            List.of(
                first,
                EndorsementDraft.of(second)
                    .deployment(DeploymentId.of("town.example", "south"))
                    .word()),
            stages(sample(10), sample(9)),
            stages(sample(10), new Targets.Sample(Bytes.ofUtf8("other"), Fraction.WHOLE)),
            stages(listed(5), listed(4)),
            stages(listed(5), sample(100)),
            stages(sample(1), listed(5)),
            stages(new Targets.All(), sample(100)),
            stages(new Targets.Serials(1, 9), new Targets.Serials(2, 9)),
            stages(new Targets.Serials(1, 9), new Targets.Serials(1, 8)),
            stages(listed(1), new Targets.Serials(0, 9)));
    for (List<Endorsement> stages : wrong) {
      assertThatIllegalArgumentException()
          .as("%s", stages)
          .isThrownBy(() -> ApprovalPlan.unsigned(stages));
    }
    List<Endorsement> most =
        IntStream.range(0, ApprovalPlan.STAGES_MAX)
            .mapToObj(i -> DRAFT.targets(sample(i)).serial(i).word())
            .toList();
    assertThat(ApprovalPlan.unsigned(most).stages()).hasSize(16);
  }

  @Test
  void bytes_that_are_no_plan_are_refused() {
    ApprovalPlan plan =
        ApprovalPlan.unsigned(stages(sample(1), sample(10))).signedBy(WORLD.approveKeys.get(0));
    Bytes good = plan.encode();
    List<CborItem> slices = new ArrayList<>();
    plan.stages().forEach(stage -> slices.add(new CborBytes(stage.encode())));
    CborList forth = new CborList(slices);
    CborList back = new CborList(slices.reversed());
    List<Bytes> wrong =
        Stream.concat(
                Stream.of(
                    Bytes.EMPTY,
                    good.plus(Bytes.ofInts(0)),
                    good.first(good.size() - 1),
                    Bytes.ofInts(0xa0)),
                Stream.of(
                        CborMap.builder().put(1, 2).put(2, forth),
                        CborMap.builder().put(1, 1).put(2, back),
                        CborMap.builder().put(1, 1).put(2, CborList.of()),
                        CborMap.builder().put(1, 1).put(2, forth).put(3, 1),
                        CborMap.builder().put(1, 1).put(2, 1),
                        CborMap.builder()
                            .put(1, 1)
                            .put(2, CborList.of(new CborBytes(WORLD.newest.encode()))))
                    .map(map -> Cbor.deterministic(map.build())))
            .toList();
    for (Bytes bytes : wrong) {
      assertThatExceptionOfType(MalformedException.class)
          .as("%s", bytes)
          .isThrownBy(() -> ApprovalPlan.decode(bytes));
    }
  }
}
