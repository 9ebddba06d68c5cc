// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.PowerCut;
import dev.sealift.boot.PowerCutException;
import dev.sealift.boot.ShippedProfiles;
import dev.sealift.boot.Slot;
import dev.sealift.boot.Trust;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.SecurityCounter;
import dev.sealift.image.key.KeyType;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.VendorId;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FlashFileTest {
  private static final Workshop WORKSHOP = new Workshop();
  private static final DeviceProfile PROFILE = WORKSHOP.profile;
  private static final FlashGeometry SHAPE = PROFILE.boot().flash();
  private static final DeviceId ONE = DeviceId.of(VendorId.ofDomain("acme.example"), "1");
  private static final DeviceId TWO = DeviceId.of(VendorId.ofDomain("acme.example"), "2");

  @TempDir Path folder;

  private FlashFile open(Flash flash) throws IOException {
    return FlashFile.open(path(), PROFILE, ONE, flash);
  }

  private Path path() {
    return folder.resolve("device.flash");
  }

  /// What a process that starts now finds.
  private FlashSnapshot stored() throws IOException {
    Path copy = folder.resolve("copy.flash");
    Files.copy(path(), copy, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    Flash flash = new Flash(SHAPE);
    try (FlashFile file = FlashFile.open(copy, PROFILE, TWO, flash)) {
      assertThat(file.origin()).isEqualTo(FlashFile.Origin.FOUND);
      return flash.snapshot();
    }
  }

  @Test
  void a_new_file_holds_what_the_flash_held() throws IOException {
    Flash flash = new Flash(SHAPE);
    flash.lay(0, Bytes.filled(5000, 0x33));
    try (FlashFile file = open(flash)) {
      assertThat(file.origin()).isEqualTo(FlashFile.Origin.MADE);
      assertThat(file.deviceId()).isEqualTo(ONE);
      assertThat(stored()).isEqualTo(flash.snapshot());
    }
  }

  @Test
  void every_operation_is_in_the_file_when_it_is_done() throws IOException {
    Flash flash = new Flash(SHAPE);
    try (FlashFile _ = open(flash)) {
      flash.program(8, Bytes.ofHex("0102030405060708"));
      assertThat(stored()).isEqualTo(flash.snapshot());
      flash.eraseSector(0);
      assertThat(stored()).isEqualTo(flash.snapshot());
      flash.raiseSecurityCounter(new SecurityCounter(0xffff_ffffL));
      assertThat(stored()).isEqualTo(flash.snapshot());
    }
  }

  @Test
  void the_half_of_an_operation_is_in_the_file_too() throws IOException {
    for (PowerCut.Moment moment : PowerCut.Moment.values()) {
      Files.deleteIfExists(path());
      Flash flash = new Flash(SHAPE);
      flash.lay(4096, Bytes.filled(4096, 7));
      try (FlashFile _ = open(flash)) {
        flash.powerUpUntil(new PowerCut(0, moment));
        assertThatThrownBy(() -> flash.eraseSector(4096)).isInstanceOf(PowerCutException.class);
        assertThat(stored()).isEqualTo(flash.snapshot());
        flash.powerUpUntil(new PowerCut(0, moment));
        assertThatThrownBy(() -> flash.program(0, Bytes.filled(64, 5)))
            .isInstanceOf(PowerCutException.class);
        assertThat(stored()).isEqualTo(flash.snapshot());
      }
    }
  }

  @Test
  void cleared_bits_are_stored_as_they_are() throws IOException {
    DeviceProfile clearing = clearing();
    Flash flash = new Flash(clearing.boot().flash());
    try (FlashFile _ = FlashFile.open(path(), clearing, ONE, flash)) {
      flash.program(0, Bytes.ofHex("0f0f0f0f"));
      flash.program(0, Bytes.ofHex("f1f1f1f1"));
    }
    Flash later = new Flash(clearing.boot().flash());
    try (FlashFile _ = FlashFile.open(path(), clearing, ONE, later)) {
      assertThat(later.read(0, 4)).isEqualTo(Bytes.ofHex("01010101"));
    }
  }

  private static DeviceProfile clearing() {
    var boot = PROFILE.boot();
    return new DeviceProfile(
        "clearing",
        "virtual",
        new dev.sealift.boot.BootConfig(
            boot.mode(),
            SHAPE.with(FlashGeometry.Programming.CLEARS_BITS),
            boot.images(),
            boot.maxAlign(),
            boot.maxSectors(),
            boot.policy()),
        PROFILE.timings(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        PROFILE.smp());
  }

  @Test
  void a_device_goes_on_from_its_file_as_who_it_was() throws IOException {
    Image old = WORKSHOP.image(0, 5000);
    Image next = WORKSHOP.image(1, 6000);
    VirtualDevice device = VirtualDevice.of(WORKSHOP.setup(Optional.empty()), Workshop.REAL);
    device.flash().lay(0, old.write());
    device.flash().lay(PROFILE.boot().secondary().start(), next.write());
    new ImageMarks(PROFILE.boot()).test(device.flash());
    try (FlashFile _ = open(device.flash())) {
      // Killed in the middle of the swap: nothing is closed in order.
      device.flash().powerUpUntil(PowerCut.halfway(20));
      new dev.sealift.boot.Bootloader(PROFILE.boot()).boot(device.flash());
    }
    VirtualDevice again = VirtualDevice.of(WORKSHOP.setup(Optional.empty()), Workshop.REAL);
    try (FlashFile file = FlashFile.open(path(), PROFILE, TWO, again.flash())) {
      again.powerOn();
      assertThat(file.deviceId()).isEqualTo(ONE);
      assertThat(again.image(Slot.PRIMARY).map(Image::version)).contains(next.version());
      assertThat(stored()).isEqualTo(again.flash().snapshot());
    }
  }

  @Test
  void a_file_is_held_by_one_at_a_time() throws IOException {
    try (FlashFile _ = open(new Flash(SHAPE))) {
      assertThatThrownBy(() -> open(new Flash(SHAPE)))
          .isInstanceOf(FlashFileException.class)
          .hasMessageContaining("another device is running");
    }
    open(new Flash(SHAPE)).close();
  }

  @Test
  void a_file_that_was_never_finished_is_made_anew() throws IOException {
    open(new Flash(SHAPE)).close();
    byte[] content = Files.readAllBytes(path());
    byte[] torn = java.util.Arrays.copyOf(content, 7000);
    System.arraycopy(
        "slflash\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII), 0, torn, 0, 8);
    for (byte[] unfinished : List.of(new byte[0], torn)) {
      Files.write(path(), unfinished);
      Flash flash = new Flash(SHAPE);
      flash.lay(0, Bytes.filled(100, 9));
      try (FlashFile file = open(flash)) {
        assertThat(file.origin()).isEqualTo(FlashFile.Origin.MADE);
        assertThat(stored()).isEqualTo(flash.snapshot());
      }
    }
  }

  @Test
  void what_is_no_file_of_this_profile_is_refused_and_untouched() throws IOException {
    open(new Flash(SHAPE)).close();
    Bytes good = Bytes.of(Files.readAllBytes(path()));
    record Case(String words, Bytes content, DeviceProfile profile) {}
    DeviceProfile other =
        PROFILE.trusting(
            new Trust.Signatures(KeyType.ECDSA_P256, List.of(new Workshop().imageKey.publicKey())));
    Bytes later = Bytes.concat(good.first(8), Bytes.ofHex("09"), good.from(9));
    Bytes shorter = good.first(good.size() - 4096);
    List<Case> cases =
        List.of(
            new Case("of the profile workshop", good, ShippedProfiles.profile("nrf52840")),
            new Case("has changed", good, other),
            new Case("version 9", later, PROFILE),
            new Case("bytes", shorter, PROFILE),
            new Case("too short", Bytes.ofUtf8("hello"), PROFILE),
            new Case("no flash of a virtual device", Bytes.filled(good.size(), 0), PROFILE));
    for (Case each : cases) {
      Files.write(path(), each.content.toArray());
      Flash flash = new Flash(each.profile.boot().flash());
      FlashSnapshot before = flash.snapshot();
      assertThatThrownBy(() -> FlashFile.open(path(), each.profile, ONE, flash))
          .isInstanceOf(FlashFileException.class)
          .hasMessageContaining(each.words);
      assertThat(Files.readAllBytes(path())).as(each.words).isEqualTo(each.content.toArray());
      assertThat(flash.snapshot()).isEqualTo(before);
    }
  }
}
