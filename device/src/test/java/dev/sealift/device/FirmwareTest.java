// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.FlashTimings;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Crash;
import dev.sealift.smp.Enumeration;
import dev.sealift.smp.Files;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Group;
import dev.sealift.smp.Images;
import dev.sealift.smp.Logs;
import dev.sealift.smp.Os;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.Settings;
import dev.sealift.smp.Shell;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.Statistics;
import dev.sealift.smp.server.FileStore;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.Mood;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A device with all groups of its server, in other moods, and in recovery.
class FirmwareTest {
  private final Workshop workshop = new Workshop();
  private final Image old = workshop.image(0, 9_000);
  private final Image next = workshop.image(1, 10_000);

  private VirtualDevice open(Firmware firmware) {
    return workshop.device(old, workshop.setup(Optional.empty()).with(firmware), Workshop.REAL);
  }

  private static <R extends Reply> R done(SmpClient client, Request<R> request) throws IOException {
    return switch (client.call(request)) {
      case Answer.Done<R>(var result) -> result;
      case Answer.Refused<R>(var reason, _) -> throw new AssertionError(reason.explain());
    };
  }

  @Test
  void every_group_of_zephyr_is_served_and_enumerated() throws Exception {
    SmpClient client = Workshop.client(open(Firmware.ZEPHYR));
    assertThat(done(client, new Enumeration.Numbers()).groups())
        .containsExactly(0L, 1L, 2L, 3L, 8L, 9L, 63L, 10L);
    assertThat(done(client, new Statistics.Read("smp_svr_stats")).figures().get("packets"))
        .isEqualTo(2);
    assertThat(done(client, new Shell.Execute(List.of("image"))).output())
        .contains(old.version().toString());
    assertThat(done(client, new Shell.Execute(List.of("rm"))).code()).isEqualTo(-8);
  }

  @Test
  void files_and_saved_settings_outlive_a_restart() throws Exception {
    VirtualDevice device = open(Firmware.ZEPHYR);
    SmpClient client = Workshop.client(device);
    Bytes content = Bytes.filled(3000, 7);
    client.upload(new ChunkedContent.File("/lfs1/a", content), client.frame(), (_, _) -> {});
    done(client, new Settings.Write("net/a", Bytes.ofHex("01")));
    done(client, new Settings.Save(Optional.empty()));
    done(client, new Settings.Write("net/b", Bytes.ofHex("02")));
    done(client, Os.Reset.plain());
    assertThat(client.download("/lfs1/a", 10_000, (_, _) -> {}))
        .isEqualTo(new SmpClient.Fetch.Whole(content));
    assertThat(done(client, new Settings.Read("net/a", Optional.empty())).value())
        .isEqualTo(Bytes.ofHex("01"));
    assertThat(client.call(new Settings.Read("net/b", Optional.empty())))
        .isInstanceOf(Answer.Refused.class);
  }

  @Test
  void a_device_of_mynewt_logs_its_starts_and_crashes_when_asked() throws Exception {
    VirtualDevice device =
        open(Firmware.ZEPHYR.with(Mood.MYNEWT).with(Set.of(Group.LOG, Group.CRASH)));
    SmpClient client = Workshop.client(device);
    assertThat(
            done(client, new Logs.Show(Optional.empty(), Optional.empty(), Optional.empty()))
                .logs()
                .getFirst()
                .entries())
        .hasSize(1);
    int[] starts = {0};
    device.observe(_ -> starts[0]++);
    done(client, new Crash.Trigger("assert"));
    assertThat(starts[0]).isEqualTo(1);
    assertThat(client.call(new Enumeration.Count())).isInstanceOf(Answer.Refused.class);
  }

  @Test
  void every_mood_takes_an_image_and_starts_it() throws Exception {
    for (Mood mood : List.of(Mood.ZEPHYR, Mood.ZEPHYR_2, Mood.ZEPHYR_1_14, Mood.MYNEWT)) {
      VirtualDevice device = open(Firmware.ZEPHYR.with(mood));
      SmpClient client = Workshop.client(device);
      assertThat(
              client.upload(new ChunkedContent.Image(next.write()), client.frame(), (_, _) -> {}))
          .as(mood.name())
          .isInstanceOf(SmpClient.Delivery.Delivered.class);
      done(client, Images.SetState.test(next.hash().orElseThrow()));
      done(client, Os.Reset.plain());
      assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(next.hash());
    }
  }

  @Test
  void whoever_has_no_permit_changes_nothing_through_any_group() throws Exception {
    VirtualDevice device = workshop.device(old);
    FlashSnapshot before = device.flash().snapshot();
    SmpClient client = Workshop.client(device);
    for (Request<?> deed :
        List.<Request<?>>of(
            new Files.Write("/lfs1/a", 0, Optional.of(1L), Bytes.ofHex("00")),
            new Settings.Write("net/a", Bytes.ofHex("00")),
            new Settings.Load(),
            new Shell.Execute(List.of("help")))) {
      assertThat(client.call(deed)).as(deed.toString()).isInstanceOf(Answer.Refused.class);
    }
    assertThat(client.call(new Files.Status("/lfs1/a"))).isInstanceOf(Answer.Refused.class);
    assertThat(client.call(new Settings.Read("net/a", Optional.empty())))
        .isInstanceOf(Answer.Refused.class);
    assertThat(device.flash().snapshot()).isEqualTo(before);
  }

  // Recovery.

  private static Os.Reset toBootloader(long mode) {
    return new Os.Reset(Optional.empty(), Optional.of(mode));
  }

  @Test
  void a_reset_into_recovery_and_an_upload_bring_another_image() throws Exception {
    VirtualDevice device = open(Firmware.ZEPHYR.with(Firmware.Recovery.BY_RESET));
    SmpClient client = Workshop.client(device);
    done(client, toBootloader(1));
    assertThat(client.frame()).isEqualTo(Frame.SAFE);
    Images.Slot found = done(client, new Images.State()).images().getFirst();
    assertThat(found.hash()).isEqualTo(old.hash());
    assertThat(found.active()).isEmpty();
    assertThat(client.upload(new ChunkedContent.Image(next.write()), Frame.SAFE, (_, _) -> {}))
        .isInstanceOf(SmpClient.Delivery.Delivered.class);
    done(client, Os.Reset.plain());
    assertThat(device.runningImage().flatMap(Image::hash)).isEqualTo(next.hash());
  }

  @Test
  void an_upload_that_breaks_off_in_recovery_leaves_no_image() throws Exception {
    VirtualDevice device = open(Firmware.ZEPHYR.with(Firmware.Recovery.BY_RESET));
    SmpClient client = Workshop.client(device);
    done(client, toBootloader(1));
    done(client, Images.Upload.first(Bytes.filled(64, 1), 9000, Bytes.EMPTY));
    device.powerOn();
    assertThat(device.isRunning()).isFalse();
    assertThat(device.image(Slot.PRIMARY)).isEmpty();
  }

  @Test
  void other_boot_modes_and_bootloaders_without_recovery_just_restart() throws Exception {
    for (var setting : List.of(Firmware.Recovery.NONE, Firmware.Recovery.BY_RESET)) {
      SmpClient client = Workshop.client(open(Firmware.ZEPHYR.with(setting)));
      done(client, toBootloader(setting == Firmware.Recovery.NONE ? 1 : 77));
      assertThat(client.call(new Os.Parameters())).isInstanceOf(Answer.Done.class);
    }
  }

  @Test
  void an_agent_and_recovery_cannot_be_built_into_one_device() {
    DeviceSetup guarded = workshop.setup(Optional.of(workshop.root));
    assertThatThrownBy(() -> guarded.with(Firmware.ZEPHYR.with(Firmware.Recovery.BY_RESET)))
        .isInstanceOf(IllegalArgumentException.class);
    assertThatThrownBy(() -> Firmware.ZEPHYR.with(Set.of(Group.PERMIT)))
        .isInstanceOf(IllegalArgumentException.class);
  }

  // The work of the flash.

  @Test
  void what_a_request_costs_the_flash_is_told_and_nobody_waits() {
    DeviceProfile slow =
        new DeviceProfile(
            "slow",
            "virtual",
            workshop.boot,
            new FlashTimings(85_000_000, 0, 0),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            workshop.profile.smp());
    VirtualDevice device =
        workshop.device(
            old,
            new DeviceSetup(slow, workshop.vendor, workshop.lamp, Optional.empty()),
            Workshop.REAL);
    Bytes erase =
        SmpMessage.request(new Images.Erase(Optional.empty()), SmpMessage.Version.V2, 1).write();
    VirtualDevice.Served served = device.serve(new LinkId("laptop"), erase);
    assertThat(served.answers()).hasSize(1);
    assertThat(served.work()).isEqualTo(Duration.ofMillis(85L * Workshop.SLOT / 4096));
  }

  // Files of the host.

  @Test
  void a_folder_serves_its_files_and_nothing_outside(@TempDir Path folder) throws Exception {
    Path inside = java.nio.file.Files.createDirectory(folder.resolve("inside"));
    java.nio.file.Files.writeString(folder.resolve("secret"), "secret");
    java.nio.file.Files.createSymbolicLink(inside.resolve("link"), folder.resolve("secret"));
    java.nio.file.Files.createDirectory(inside.resolve("sub"));
    FolderFiles files = new FolderFiles("/lfs1", inside, 100);
    assertThat(files.write("/lfs1/sub/a", 0, Bytes.ofUtf8("hello "))).isEmpty();
    assertThat(files.write("/lfs1/sub/a", 6, Bytes.ofUtf8("world"))).isEmpty();
    assertThat(files.look("/lfs1/sub/a")).isEqualTo(new FileStore.Look.File(11));
    assertThat(files.read("/lfs1/sub/a", 6, 100)).contains(Bytes.ofUtf8("world"));
    assertThat(files.look("/lfs1/none")).isEqualTo(new FileStore.Look.Missing());
    assertThat(files.write("/lfs1/big", 0, Bytes.filled(101, 1))).isPresent();
    assertThat(files.write("/lfs1/nodir/a", 0, Bytes.ofHex("01"))).isPresent();
    for (String name :
        List.of(
            "/lfs1/../secret",
            "/lfs1/link",
            "/lfs1/sub/../../secret",
            "/lfs1//etc/passwd",
            "/lfs1/.hidden",
            "/lfs1/a\0b",
            "/etc/passwd",
            "secret",
            "/lfs1/sub")) {
      assertThat(files.look(name)).as(name).isInstanceOf(FileStore.Look.Barred.class);
      if (!name.equals("/lfs1/sub")) {
        assertThat(files.read(name.startsWith("/lfs1/") ? name : "/lfs1/../x", 0, 10)).isEmpty();
      }
    }
    assertThat(java.nio.file.Files.readString(folder.resolve("secret"))).isEqualTo("secret");
  }
}
