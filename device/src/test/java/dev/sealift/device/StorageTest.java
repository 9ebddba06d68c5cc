// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Root;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Basic;
import dev.sealift.smp.Reply;
import dev.sealift.smp.server.GroupHandler;
import dev.sealift.smp.server.LinkId;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// The command that erases what a device keeps beside its images.
class StorageTest {
  private final Workshop workshop = new Workshop();
  private final FlashArea area = workshop.profile.storage().orElseThrow();

  private VirtualDevice device(Optional<FlashArea> storage, Optional<Root> root) {
    DeviceProfile known = workshop.profile;
    VirtualDevice device =
        VirtualDevice.of(
            new DeviceSetup(
                new DeviceProfile(
                    known.name(),
                    known.board(),
                    known.boot(),
                    known.timings(),
                    storage,
                    known.vendor(),
                    known.deviceClass(),
                    known.smp()),
                workshop.vendor,
                workshop.lamp,
                root),
            Workshop.REAL);
    device.flash().lay(0, workshop.image(0, 9_000).write());
    device.powerOn();
    device.flash().lay(area.start(), Bytes.filled(area.size(), 0x5a));
    return device;
  }

  private static Answer<Reply.Nothing> erase(VirtualDevice device) throws Exception {
    return Workshop.client(device).call(new Basic.EraseStorage());
  }

  @Test
  void an_ordinary_device_erases_its_storage_and_nothing_else() throws Exception {
    VirtualDevice device = device(Optional.of(area), Optional.empty());
    Bytes slots = device.flash().read(0, area.start());
    assertThat(erase(device)).isEqualTo(new Answer.Done<>(new Reply.Nothing()));
    assertThat(device.flash().read(area.start(), area.size()).isFilledWith(0xff)).isTrue();
    assertThat(device.flash().read(0, area.start())).isEqualTo(slots);
  }

  @Test
  void a_device_without_storage_does_not_know_the_command() throws Exception {
    VirtualDevice device = device(Optional.empty(), Optional.empty());
    FlashSnapshot before = device.flash().snapshot();
    assertThat(erase(device))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused ->
                assertThat(refused.reason())
                    .isEqualTo(
                        new Answer.Protocol(Answer.ResultCode.NOT_SUPPORTED, Optional.empty())));
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }

  @Test
  void an_agent_lets_nobody_erase_its_memory() throws Exception {
    VirtualDevice device = device(Optional.of(area), Optional.of(workshop.root));
    FlashSnapshot before = device.flash().snapshot();
    assertThat(erase(device))
        .isInstanceOfSatisfying(
            Answer.Refused.class,
            refused -> assertThat(refused.reason()).isEqualTo(new Answer.OfGroup(1000, 26)));
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }

  @Test
  void storage_that_cannot_be_erased_is_an_error_of_the_group() {
    VirtualDevice device = device(Optional.of(area), Optional.empty());
    FlashSnapshot before = device.flash().snapshot();
    FlashArea crooked = new FlashArea(area.start() + 4, 4096);
    assertThat(
            new Storage(device.flash(), crooked).handle(new LinkId("l"), new Basic.EraseStorage()))
        .isEqualTo(new GroupHandler.Response.Refused(new Answer.OfGroup(63, 4)));
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }
}
