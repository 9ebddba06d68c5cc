// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.Firmware;
import dev.sealift.device.VirtualDevice;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.Command;
import dev.sealift.smp.Os;
import dev.sealift.smp.SmpMessage;
import dev.sealift.transport.SmpClient;
import dev.sealift.transport.UdpListener;
import dev.sealift.update.DeviceReader;
import dev.sealift.update.SlotReport;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// One command, one device or several, whatever the file is.
class DeviceUpdateTest {
  private static final String DIRECT_XIP =
      """
      name = "xip"
      board = "native_sim"
      [flash]
      size = "1 MiB"
      sector = "4 KiB"
      write-unit = 4
      [boot]
      mode = "direct-xip"
      keys = ["image.pub.pem"]
      [[image]]
      primary = { start = 0x0, size = "400 KiB" }
      secondary = { start = 0x80000, size = "400 KiB" }
      """;

  @TempDir private Path folder;
  private Maker maker;
  private final List<UdpListener> listeners = new ArrayList<>();
  private final List<VirtualDevice> devices = new ArrayList<>();

  @BeforeEach
  void make_two_versions() {
    byte[] firmware = new byte[90_000];
    new SplittableRandom(3).nextBytes(firmware);
    Files.write(folder.resolve("firmware.bin"), Bytes.owning(firmware));
    maker = new Maker(folder).root();
    maker.image("app-1.0.0", "1.0.0", 1).image("app-1.1.0", "1.1.0", 2);
    maker.done("package", "make", maker.path("dfu.zip"), maker.path("app-1.1.0.bin"));
  }

  @AfterEach
  void stop_the_devices() {
    listeners.forEach(UdpListener::close);
  }

  /// A device that nobody guards.
  private String start(long serial) throws IOException {
    return start(serial, Firmware.ZEPHYR);
  }

  private String start(long serial, Firmware firmware) throws IOException {
    return start(
        serial,
        firmware,
        Devices.profile(0x20000, Keys.readPublic(folder.resolve("image.pub.pem"))),
        "app-1.0.0.bin");
  }

  private String start(long serial, Firmware firmware, DeviceProfile profile, String image)
      throws IOException {
    VendorId vendor = VendorId.ofDomain("acme.example");
    VirtualDevice made =
        VirtualDevice.of(
            new DeviceSetup(profile, vendor, ClassId.of(vendor, "sensor-1"), Optional.empty())
                .numbered(serial)
                .with(firmware),
            Devices.surroundings());
    made.flash().lay(made.setup().boot().primary().start(), maker.read(image));
    assertThat(made.powerOn().outcome()).isInstanceOf(BootOutcome.Booted.class);
    devices.add(made);
    UdpListener listener = UdpListener.open(InetAddress.getLoopbackAddress(), 0, 4, made::receive);
    listeners.add(listener);
    return listener.target().toString();
  }

  @Test
  void a_package_is_foretold_carried_out_and_not_carried_out_twice() throws IOException {
    String target = start(1);
    Bytes before = devices.getFirst().flash().sha256();
    String[] update = {"device", "update", maker.path("dfu.zip"), "--to", target};
    assertThat(maker.done(Maker.with(List.of(update), "--dry-run")).out())
        .contains("no agent guards it")
        .contains("its bootloader: swap-move")
        .contains("take the image")
        .contains("restart")
        .contains("and then: the image runs and is confirmed");
    assertThat(devices.getFirst().flash().sha256()).isEqualTo(before);
    assertThat(maker.done(update).out()).contains("the image runs and is confirmed");
    assertThat(maker.done("device", "images", "--to", target).out())
        .contains("1.1.0")
        .contains("runs, confirmed");
    String again = maker.done(update).out();
    assertThat(again).contains("the image runs and is confirmed").doesNotContain("take the image");
  }

  @Test
  void several_devices_are_updated_at_once_and_each_says_how_it_went() throws IOException {
    String one = start(1);
    String two = start(2);
    String nobody = "udp://127.0.0.1:9";
    Typed typed =
        Typed.type(
            "device",
            "update",
            maker.path("app-1.1.0.bin"),
            "--to",
            one,
            "--to",
            two,
            "--to",
            nobody);
    assertThat(typed.exit()).isEqualTo(Exit.WORLD.code());
    assertThat(typed.out())
        .contains(one + ": the image runs and is confirmed")
        .contains(two + ": the image runs and is confirmed")
        .contains("2 of 3 devices as wanted");
    assertThat(typed.err()).contains(nobody);
    maker.usage("device", "update", maker.path("app-1.1.0.bin"), "--to", one, "--to", one);
  }

  @Test
  void a_package_that_holds_no_image_is_refused_before_anybody_is_asked() throws IOException {
    Files.write(folder.resolve("junk.bin"), Bytes.filled(600, 0x11));
    assertThat(
            maker
                .refused(
                    "device", "update", broken("dfu.zip").toString(), "--to", "udp://127.0.0.1:9")
                .err())
        .contains("cannot send");
  }

  /// It has no slots to choose from and marks nothing: it starts what lies there.
  @Test
  void the_recovery_server_of_a_bootloader_is_updated_too() throws IOException {
    String target = start(1, Firmware.ZEPHYR.with(Firmware.Recovery.BY_RESET));
    try (SmpClient client = new SmpClient(listeners.getFirst().target().open(), System::nanoTime)) {
      client.call(new Os.Reset(Optional.empty(), Optional.of(1L)));
      assertThat(DeviceReader.slots(client)).noneMatch(SlotReport::isRunning);
    }
    String[] update = {"device", "update", maker.path("app-1.1.0.bin"), "--to", target};
    assertThat(maker.done(Maker.with(List.of(update), "--dry-run")).out())
        .contains("take the image")
        .doesNotContain("on trial");
    assertThat(maker.done(update).out()).contains("the image runs and is confirmed");
    assertThat(maker.done("device", "images", "--to", target).out())
        .contains("1.1.0")
        .contains("runs, confirmed");
  }

  @Test
  void of_a_pair_the_image_goes_that_is_linked_for_the_free_slot() throws IOException {
    Files.write(folder.resolve("xip.toml"), Bytes.ofUtf8(DIRECT_XIP));
    for (String slot : List.of("0x0", "0x80000")) {
      maker.image("old-" + slot, "1.0.0", 1, "--mode", "direct-xip", "--rom-fixed", slot);
      maker.image("new-" + slot, "1.1.0", 2, "--mode", "direct-xip", "--rom-fixed", slot);
    }
    maker.done(
        "package",
        "make",
        maker.path("pair.zip"),
        "0:0=" + maker.path("new-0x0.bin"),
        "0:1=" + maker.path("new-0x80000.bin"));
    String target = start(1, Firmware.ZEPHYR, Profiles.read(maker.path("xip.toml")), "old-0x0.bin");
    assertThat(maker.done("device", "update", maker.path("pair.zip"), "--to", target).out())
        .contains("take the image")
        .contains("restart")
        .contains("the image runs and is confirmed")
        .doesNotContain("trial");
    assertThat(maker.done("device", "images", "--to", target).out())
        .containsPattern("slot 1  1.1.0 +runs, confirmed");
  }

  /// A real process, ended by Ctrl-C when the device has the first chunks and has gone silent.
  @Test
  void an_update_that_is_interrupted_goes_on_where_it_stopped() throws Exception {
    String direct = start(1);
    VirtualDevice device = devices.getFirst();
    List<Long> offsets = new CopyOnWriteArrayList<>();
    CountDownLatch begun = new CountDownLatch(1);
    AtomicBoolean reachable = new AtomicBoolean(true);
    UdpListener between =
        UdpListener.open(
            InetAddress.getLoopbackAddress(),
            0,
            4,
            (link, packet) -> {
              uploadOffset(packet).ifPresent(offsets::add);
              if (offsets.size() > 5 && begun.getCount() > 0) {
                reachable.set(false);
                begun.countDown();
              }
              return reachable.get() ? device.receive(link, packet) : List.of();
            });
    listeners.add(between);
    String[] update = {
      "device", "update", maker.path("app-1.1.0.bin"), "--to", between.target().toString()
    };
    Process process = new ProcessBuilder(process(update)).start();
    assertThat(begun.await(2, TimeUnit.MINUTES)).isTrue();
    assertThat(new ProcessBuilder("kill", "-INT", "" + process.pid()).start().waitFor()).isZero();
    assertThat(process.waitFor()).isEqualTo(Exit.INTERRUPTED.code());
    reachable.set(true);
    offsets.clear();
    assertThat(maker.done("device", "images", "--to", direct).out()).contains("1.0.0");
    assertThat(maker.done(update).out()).contains("the image runs and is confirmed");
    assertThat(offsets.getFirst()).isZero();
    assertThat(offsets.get(1)).isGreaterThan(5_000);
  }

  private static List<String> process(String... args) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-cp",
                System.getProperty("java.class.path"),
                "dev.sealift.cli.Main"));
    command.addAll(List.of(args));
    return command;
  }

  private static Optional<Long> uploadOffset(Bytes packet) {
    try {
      SmpMessage message = SmpMessage.read(packet);
      return message.header().key().equals(Optional.of(Command.IMAGE_UPLOAD.key()))
          ? CborFields.of(message.fields(), "upload").optionalUnsigned("off")
          : Optional.empty();
    } catch (MalformedException e) {
      throw new IllegalStateException("our own request", e);
    }
  }

  private Path broken(String name) {
    Bytes zip = maker.read(name);
    Path cut = folder.resolve("cut.zip");
    Files.write(cut, zip.first(zip.size() / 2));
    return cut;
  }
}
