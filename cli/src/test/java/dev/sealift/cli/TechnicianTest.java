// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static dev.sealift.cli.Maker.json;
import static dev.sealift.cli.Maker.text;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.DeviceEvent;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.VirtualDevice;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.VendorId;
import dev.sealift.transport.UdpListener;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A technician before a device: nonce, session permit, what it grants, and for which device.
class TechnicianTest {
  @TempDir private Path folder;
  private Maker maker;
  private One device;
  private One other;

  /// One device on a socket, which counts its starts.
  private record One(VirtualDevice device, UdpListener listener, AtomicInteger starts) {
    String target() {
      return listener.target().toString();
    }
  }

  @BeforeEach
  void start_two_devices() throws IOException {
    maker = new Maker(folder).managed().image("app-1.0.0", "1.0.0", 1);
    device = start(7);
    other = start(8);
  }

  private One start(long serial) throws IOException {
    VendorId vendor = VendorId.ofDomain("acme.example");
    VirtualDevice made =
        VirtualDevice.of(
            new DeviceSetup(
                    Devices.profile(0x20000, Keys.readPublic(folder.resolve("image.pub.pem"))),
                    vendor,
                    ClassId.of(vendor, "sensor-1"),
                    Optional.of(Roots.read(folder.resolve("root.cbor"))))
                .numbered(serial)
                .deployed(DeploymentId.of("acme.example", "plant-7")),
            Devices.surroundings());
    made.flash().lay(made.setup().boot().primary().start(), maker.read("app-1.0.0.bin"));
    AtomicInteger starts = new AtomicInteger();
    made.observe(
        event -> {
          if (event instanceof DeviceEvent.Started) {
            starts.incrementAndGet();
          }
        });
    assertThat(made.powerOn().outcome()).isInstanceOf(BootOutcome.Booted.class);
    UdpListener listener = UdpListener.open(InetAddress.getLoopbackAddress(), 0, 4, made::receive);
    return new One(made, listener, starts);
  }

  @AfterEach
  void stop_the_devices() {
    device.listener().close();
    other.listener().close();
  }

  /// A session permit for that device, by that key.
  private Path session(One whose, String key, String... more) {
    var said = json(maker.done("device", "nonce", "--to", whose.target(), "--json"));
    maker.done(
        Maker.with(
            List.of(
                "trust",
                "session",
                "-k",
                maker.path(key + ".pem"),
                "--device",
                text(said, "device"),
                "--nonce",
                text(said, "nonce"),
                "-o",
                maker.path("session.bin")),
            more.length == 0 ? new String[] {"--action", "reset"} : more));
    return folder.resolve("session.bin");
  }

  private String[] bring(Path session, One to, String... more) {
    return Maker.with(List.of("device", "session", session.toString(), "--to", to.target()), more);
  }

  @Test
  void a_session_permit_grants_the_reset_that_was_refused_before() {
    assertThat(maker.refused("device", "reset", "--to", device.target()).err())
        .contains("R18")
        .contains("'sealift trust session'");
    assertThat(device.starts()).hasValue(1);
    Path session = session(device, "tech");
    assertThat(maker.done("trust", "show", session.toString()).out())
        .contains("session permit for device")
        .contains("actions   reset");
    assertThat(maker.done(bring(session, device)).out()).contains("grants reset for 5 min");
    maker.done("device", "reset", "--to", device.target());
    assertThat(device.starts()).hasValue(2);
    // The grant went with the power.
    maker.refused("device", "reset", "--to", device.target());
  }

  @Test
  void a_permit_is_for_one_device_and_for_one_time() {
    FlashSnapshot before = other.device().flash().snapshot();
    Path session = session(device, "tech");
    assertThat(maker.refused(bring(session, other)).err()).contains("R10");
    maker.refused("device", "reset", "--to", other.target());
    assertThat(other.device().flash().snapshot()).isEqualTo(before);
    assertThat(other.starts()).hasValue(1);
    maker.done(bring(session, device));
    assertThat(maker.refused(bring(session, device)).err())
        .contains("R17")
        .contains("'sealift device nonce'");
  }

  @Test
  void nobody_but_a_technician_grants_anything() {
    assertThat(maker.refused(bring(session(device, "stranger"), device)).err()).contains("R3");
    assertThat(maker.refused(bring(session(device, "op"), device)).err()).contains("R4");
    maker.refused("device", "reset", "--to", device.target());
    assertThat(device.starts()).hasValue(1);
  }

  @Test
  void a_delegated_technician_shows_a_certificate() {
    maker.key("helper");
    for (String plant : List.of("acme.example/plant-8", Maker.PLANT)) {
      maker.done(
          "trust",
          "delegate",
          "--role",
          "operate",
          "--for",
          maker.path("helper.pub.pem"),
          "--deployment",
          plant,
          "--until-beacon",
          "5",
          "-k",
          maker.path("op.pem"),
          "-o",
          maker.path("helper.cbor"));
      Path session =
          session(
              device,
              "helper",
              "--action",
              "reset,erase",
              "--seconds",
              "60",
              "--certificate",
              maker.path("helper.cbor"),
              "--root",
              maker.path("root.cbor"));
      if (plant.equals(Maker.PLANT)) {
        assertThat(maker.done(bring(session, device, "--json")).out())
            .contains("\"granted\":[\"reset\",\"erase\"]")
            .contains("\"seconds\":60");
      } else {
        assertThat(maker.refused(bring(session, device)).err()).contains("R11");
      }
    }
  }

  @Test
  void what_makes_no_sense_is_no_session() {
    String uuid = "cb6c7eca-0ac4-5ee2-bd87-3721bf34dd34";
    String nonce = "00".repeat(16);
    record Case(String sentence, Exit exit, List<String> args) {}
    List<Case> cases =
        List.of(
            new Case(
                "is no action",
                Exit.USAGE,
                List.of("--device", uuid, "--nonce", nonce, "--action", "dance")),
            new Case(
                "must be a UUID",
                Exit.USAGE,
                List.of("--device", "7", "--nonce", nonce, "--action", "reset")),
            new Case(
                "32 hexadecimal",
                Exit.USAGE,
                List.of("--device", uuid, "--nonce", "0", "--action", "reset")),
            new Case(
                "must be 1 to 3600",
                Exit.USAGE,
                List.of(
                    "--device", uuid, "--nonce", nonce, "--action", "reset", "--seconds", "9999")),
            new Case(
                "not operate",
                Exit.REFUSED,
                List.of(
                    "--device",
                    uuid,
                    "--nonce",
                    nonce,
                    "--action",
                    "reset",
                    "--root",
                    maker.path("root.cbor"))));
    for (Case wrong : cases) {
      Typed typed =
          Typed.type(
              Maker.with(
                  List.of(
                      "trust",
                      "session",
                      "-k",
                      maker.path("alice.pem"),
                      "-o",
                      maker.path("session.bin")),
                  wrong.args().toArray(String[]::new)));
      assertThat(typed.exit()).as(wrong + typed.err()).isEqualTo(wrong.exit().code());
      assertThat(typed.err()).as(wrong.toString()).contains(wrong.sentence());
      assertThat(folder.resolve("session.bin")).doesNotExist();
    }
    maker.write("long.bin", Bytes.filled(2000, 1));
    maker.write("text.bin", "hello");
    assertThat(maker.refused(bring(folder.resolve("long.bin"), device)).err())
        .contains("no session permit has more than 1024");
    assertThat(maker.refused(bring(folder.resolve("text.bin"), device)).err()).contains("R1,");
  }

  @Test
  void a_device_tells_what_it_is_and_what_it_could_pass_on() {
    Typed info = maker.done("device", "info", "--to", device.target());
    assertThat(info.out())
        .contains("mode        bounded")
        .contains("deployment  ")
        .contains("stage       idle")
        .contains("beacon      none heard yet")
        .contains("bytes for image 0");
    var said = json(maker.done("device", "info", "--to", device.target(), "--json"));
    assertThat(text(said, "device"))
        .isEqualTo(device.device().setup().identity().device().toString());
    assertThat(maker.done("device", "have", "--to", device.target()).out()).contains("nothing");

    maker.release("app", "1.1.0", 2, "alice");
    maker.done(
        "trust",
        "beacon",
        "--root",
        maker.path("root.cbor"),
        "-k",
        maker.path("fresh.pem"),
        "--number",
        "9",
        "--latest",
        maker.path("app.sealift"),
        "-o",
        maker.path("beacon.cbor"));
    maker.done(
        "release", "attach", maker.path("app.sealift"), "--beacon", maker.path("beacon.cbor"));
    maker.done(
        "release",
        "approve",
        maker.path("app.sealift"),
        "--deployment",
        Maker.PLANT,
        "-k",
        maker.path("op.pem"),
        "-k",
        maker.path("op2.pem"),
        "--use",
        "1");
    maker.done("device", "update", maker.path("app.sealift"), "--to", device.target());
    assertThat(maker.done("device", "info", "--to", device.target()).out())
        .contains("stage       its release is installed")
        .contains("beacon      number 9");
    assertThat(maker.done("device", "have", "--to", device.target(), "--json").out())
        .contains("\"sequence\":\"1:2\"")
        .contains("\"beacon\":9");
  }
}
