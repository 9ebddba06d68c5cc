// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.PowerCut;
import dev.sealift.image.Image;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.permit.Signed;
import dev.sealift.permit.StateRecords;
import dev.sealift.permit.Terms;
import dev.sealift.update.Gate;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Wanted.Ending;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// The agent's memory when the power goes: at every operation on flash of a whole update that also
/// brings a new root.
class TrustMemoryTest {
  private final Workshop workshop = new Workshop();
  private final Image old = workshop.image(0, 9_000);
  private final Image next = workshop.image(1, 10_000);

  private final Root second =
      workshop.root(
          2,
          Terms.standard(Workshop.TIME, Terms.Freshness.Mode.OPEN),
          List.of(Set.of(Role.RELEASE), Set.of(Role.ROOT)));

  private UpdateMaterial material() {
    Bundle bundle =
        workshop
            .signed(next, 2)
            .withRootUpdates(List.of(Signed.unsigned(second).signedBy(workshop.rootKey)));
    return workshop.material(next, bundle);
  }

  private static StateRecords.Found memory(VirtualDevice device) {
    int start = device.setup().storage().start();
    return StateRecords.read(
        device.flash().read(start, StateRecords.RECORD_BYTES),
        device.flash().read(start + StateRecords.RECORD_BYTES, StateRecords.RECORD_BYTES));
  }

  /// The power fails once, at that operation after it came on.
  private static PowerSupply once(PowerCut cut) {
    List<PowerCut> left = new ArrayList<>(List.of(cut));
    return () -> left.isEmpty() ? Optional.empty() : Optional.of(left.removeFirst());
  }

  /// Every cut, before and in the middle of each operation. Right after it the memory holds what it
  /// held before the operation, or after it; and the update can be carried to its end.
  @Test
  void no_power_cut_lowers_a_counter_or_loses_the_root() throws Exception {
    UpdateMaterial material = material();
    VirtualDevice twin = workshop.device(old);
    FlashSnapshot factory = twin.flash().snapshot();
    twin.powerOn();
    List<StateRecords.Found> memories = new ArrayList<>();
    memories.add(memory(twin));
    twin.flash().observe(_ -> memories.add(memory(twin)));
    assertThat(Workshop.update(twin, material, Ending.CONFIRMED))
        .isEqualTo(new UpdateResult.Reached());
    int cuts = 0;
    for (int at = 0; at < memories.size() - 1; at++) {
      for (PowerCut cut : List.of(PowerCut.before(at), PowerCut.halfway(at))) {
        List<StateRecords.Found> allowed =
            cut.equals(PowerCut.before(at))
                ? List.of(memories.get(at))
                : List.of(memories.get(at), memories.get(at + 1));
        StateRecords.Found found = memoryAfter(cut, factory, material);
        // Where nothing had been written yet, half a record is nothing too: the device starts from
        // the root it was made with.
        boolean nothingYet =
            memories.get(at) instanceof StateRecords.Found.Blank
                && found instanceof StateRecords.Found.Damaged;
        if (!nothingYet) {
          assertThat(found).as("after %s", cut).isIn(allowed);
        }
        cuts++;
      }
    }
    assertThat(memories.getLast())
        .isInstanceOfSatisfying(
            StateRecords.Found.Current.class,
            current -> assertThat(current.state().root()).isEqualTo(second));
    System.out.printf("trust memory: %d power cuts, nothing lowered, nothing lost%n", cuts);
  }

  private StateRecords.Found memoryAfter(
      PowerCut cut, FlashSnapshot factory, UpdateMaterial material) throws IOException {
    VirtualDevice device =
        VirtualDevice.of(workshop.setup(Optional.of(workshop.root)), Workshop.REAL);
    device.flash().restore(factory);
    List<StateRecords.Found> seen = new ArrayList<>();
    device.observe(
        event -> {
          if (event instanceof DeviceEvent.PowerFailed) {
            seen.add(memory(device));
          }
        });
    device.powerBy(once(cut));
    device.powerOn();
    try {
      Workshop.update(device, material, Ending.CONFIRMED);
    } catch (IOException _) {
      // The device was silent while its power was gone.
    }
    assertThat(Workshop.update(device, material, Ending.CONFIRMED))
        .as("after %s", cut)
        .isEqualTo(new UpdateResult.Reached());
    assertThat(device.trust().orElseThrow().root()).isEqualTo(second);
    assertThat(device.stage()).contains(Gate.Stage.INSTALLED);
    assertThat(seen).as("the cut came").hasSize(1);
    return seen.getFirst();
  }
}
