// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.SecurityCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class FlashTest {
  private static final FlashGeometry GEOMETRY = new FlashGeometry(4096, 1024, 4);

  private final Flash flash = new Flash(GEOMETRY);

  /// A call that the strict flash refuses, with its reason.
  private record Refused(String name, FlashException.Reason reason, Consumer<Flash> call) {}

  private static final List<Refused> REFUSED =
      List.of(
          new Refused(
              "onto written bytes",
              FlashException.Reason.NOT_ERASED,
              flash -> flash.program(0, Bytes.ofHex("00000000"))),
          new Refused(
              "onto written bytes, though the bits would fit",
              FlashException.Reason.NOT_ERASED,
              flash -> flash.program(0, Bytes.ofHex("01020304"))),
          new Refused(
              "half onto written bytes",
              FlashException.Reason.NOT_ERASED,
              flash -> flash.program(4, Bytes.filled(12, 0))),
          new Refused(
              "at an odd address",
              FlashException.Reason.UNALIGNED,
              flash -> flash.program(18, Bytes.filled(4, 0))),
          new Refused(
              "less than a write unit",
              FlashException.Reason.UNALIGNED,
              flash -> flash.program(20, Bytes.filled(3, 0))),
          new Refused(
              "nothing", FlashException.Reason.UNALIGNED, flash -> flash.program(20, Bytes.EMPTY)),
          new Refused(
              "over the end",
              FlashException.Reason.OUT_OF_BOUNDS,
              flash -> flash.program(4092, Bytes.filled(8, 0))),
          new Refused(
              "erase within a sector",
              FlashException.Reason.UNALIGNED,
              flash -> flash.eraseSector(512)),
          new Refused(
              "erase behind the end",
              FlashException.Reason.OUT_OF_BOUNDS,
              flash -> flash.eraseSector(4096)),
          new Refused(
              "counter to where it is",
              FlashException.Reason.COUNTER_NOT_RAISED,
              flash -> flash.raiseSecurityCounter(new SecurityCounter(3))),
          new Refused(
              "counter down",
              FlashException.Reason.COUNTER_NOT_RAISED,
              flash -> flash.raiseSecurityCounter(new SecurityCounter(2))));

  @Test
  void what_it_refuses_changes_nothing_and_is_no_operation() {
    flash.program(0, Bytes.ofHex("01020304"));
    flash.program(8, Bytes.ofHex("05060708"));
    flash.raiseSecurityCounter(new SecurityCounter(3));
    FlashSnapshot before = flash.snapshot();
    for (Refused refused : REFUSED) {
      flash.powerUp();
      FlashException exception =
          catchThrowableOfType(FlashException.class, () -> refused.call.accept(flash));
      assertThat(exception).as(refused.name).isNotNull();
      assertThat(exception.reason()).as(refused.name).isEqualTo(refused.reason);
      assertThat(flash.snapshot()).as(refused.name).isEqualTo(before);
      assertThat(Devices.calls(flash)).as(refused.name).containsExactly(0, 0, 0, 1);
    }
  }

  @Test
  void operations_are_counted_and_told_in_order() {
    List<FlashOperation> told = new ArrayList<>();
    flash.observe(told::add);
    flash.program(8, Bytes.ofHex("05060708"));
    flash.eraseSector(0);
    flash.raiseSecurityCounter(new SecurityCounter(3));
    assertThat(Devices.calls(flash)).containsExactly(1, 1, 1, 0);
    assertThat(told)
        .containsExactly(
            new FlashOperation.Programmed(8, Bytes.ofHex("05060708")),
            new FlashOperation.Erased(0, 1024),
            new FlashOperation.CounterRaised(new SecurityCounter(3)));
    assertThat(flash.read(0, 4096).isFilledWith(0xff)).isTrue();
  }

  @Test
  void a_cut_before_an_operation_leaves_nothing_of_it() {
    flash.powerUpUntil(PowerCut.before(1));
    flash.program(0, Bytes.filled(4, 1));
    FlashSnapshot before = flash.snapshot();
    assertThatThrownBy(() -> flash.eraseSector(0)).isInstanceOf(PowerCutException.class);
    assertThat(flash.snapshot()).isEqualTo(before);
    assertThat(flash.use().operations()).isEqualTo(1);
  }

  @Test
  void a_cut_halfway_leaves_whole_write_units_up_to_the_half() {
    flash.powerUpUntil(PowerCut.halfway(0));
    assertThatThrownBy(() -> flash.program(0, Bytes.filled(12, 7)))
        .isInstanceOf(PowerCutException.class);
    assertThat(flash.read(0, 12)).isEqualTo(Bytes.ofHex("07070707ffffffffffffffff"));
  }

  @Test
  void a_single_write_unit_is_written_or_not() {
    flash.powerUpUntil(PowerCut.halfway(0));
    assertThatThrownBy(() -> flash.program(0, Bytes.filled(4, 7)))
        .isInstanceOf(PowerCutException.class);
    assertThat(flash.read(0, 4).isFilledWith(0xff)).isTrue();
  }

  @Test
  void a_cut_halfway_erases_the_first_half_of_the_sector() {
    flash.lay(0, Bytes.filled(4096, 0));
    flash.powerUpUntil(PowerCut.halfway(0));
    assertThatThrownBy(() -> flash.eraseSector(1024)).isInstanceOf(PowerCutException.class);
    assertThat(flash.read(0, 1024).isFilledWith(0)).isTrue();
    assertThat(flash.read(1024, 512).isFilledWith(0xff)).isTrue();
    assertThat(flash.read(1536, 512).isFilledWith(0)).isTrue();
  }

  @Test
  void a_counter_is_never_half_raised() {
    flash.powerUpUntil(PowerCut.halfway(0));
    assertThatThrownBy(() -> flash.raiseSecurityCounter(new SecurityCounter(9)))
        .isInstanceOf(PowerCutException.class);
    assertThat(flash.securityCounter()).isEqualTo(SecurityCounter.ZERO);
  }

  @Test
  void a_cut_after_an_operation_leaves_it_done() {
    flash.powerUpUntil(PowerCut.after(0));
    assertThatThrownBy(() -> flash.program(0, Bytes.filled(4, 7)))
        .isInstanceOf(PowerCutException.class);
    assertThat(flash.read(0, 4).isFilledWith(7)).isTrue();
    assertThat(flash.use().operations()).isEqualTo(1);
  }

  @Test
  void without_power_nothing_happens_until_it_comes_back() {
    flash.powerUpUntil(PowerCut.before(0));
    assertThatThrownBy(() -> flash.eraseSector(0)).isInstanceOf(PowerCutException.class);
    assertThatThrownBy(() -> flash.program(0, Bytes.filled(4, 7)))
        .isInstanceOf(PowerCutException.class);
    assertThat(flash.read(0, 4).isFilledWith(0xff)).isTrue();
    flash.powerUp();
    flash.program(0, Bytes.filled(4, 7));
    assertThat(flash.read(0, 4).isFilledWith(7)).isTrue();
  }

  @Test
  void a_snapshot_does_not_change_and_can_be_restored() {
    flash.program(0, Bytes.filled(4, 7));
    flash.raiseSecurityCounter(new SecurityCounter(2));
    FlashSnapshot snapshot = flash.snapshot();
    flash.eraseSector(0);
    flash.raiseSecurityCounter(new SecurityCounter(5));
    assertThat(flash.snapshot()).isNotEqualTo(snapshot);
    flash.restore(snapshot);
    assertThat(flash.snapshot()).isEqualTo(snapshot);
    assertThat(flash.sha256()).isEqualTo(snapshot.sha256());
  }

  @Test
  void another_erased_value_is_what_can_be_programmed() {
    Flash zeros =
        new Flash(new FlashGeometry(4096, 1024, 4, 0, FlashGeometry.Programming.ONLY_ERASED));
    zeros.program(0, Bytes.filled(4, 0xff));
    assertThatThrownBy(() -> zeros.program(0, Bytes.filled(4, 0)))
        .isInstanceOf(FlashException.class);
    zeros.eraseSector(0);
    assertThat(zeros.read(0, 1024).isFilledWith(0)).isTrue();
  }

  @Test
  void a_geometry_that_exists_is_consistent() {
    assertThatThrownBy(() -> new FlashGeometry(4096, 1000, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FlashGeometry(4000, 1024, 4))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FlashGeometry(4096, 1024, 3))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> new FlashGeometry(4096, 1024, 64))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
