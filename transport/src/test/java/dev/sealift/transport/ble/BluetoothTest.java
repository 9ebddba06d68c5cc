// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Os;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.Collecting;
import dev.sealift.transport.SmpClient;
import dev.sealift.transport.Target;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.freedesktop.dbus.types.Variant;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/// A real bus, a stand-in for BlueZ on it ([BluezStandIn]), and our SMP server in the devices
/// around. The time limits only end a test that hangs; where nothing is to come, the wait is short.
@Timeout(60)
class BluetoothTest {
  private static final String ADDRESS = "C0:FF:EE:00:00:01";
  private static final String OTHER = "C0:FF:EE:00:00:02";
  private static final String BATTERY = "0000180f-0000-1000-8000-00805f9b34fb";
  private static final Os.Echo ECHO = new Os.Echo(Optional.of("hello"));
  private static final Duration SOON = Duration.ofSeconds(30);
  private static final Duration SHORT = Duration.ofMillis(200);
  private static final Duration BOUND = Duration.ofSeconds(50);

  /// Long for what comes, short for what does not.
  private static final Patience PATIENCE = new Patience(SOON, SHORT, SOON, SOON, SOON, SOON);

  private static final Patience HURRY = new Patience(SHORT, SHORT, SHORT, SHORT, SHORT, SHORT);

  /// What a test does with a machine that has Bluetooth.
  @FunctionalInterface
  private interface Scene {
    void play(BluezStandIn bluez, Bluetooth bluetooth) throws Exception;
  }

  private static void play(Scene scene, Peripheral... around) throws Exception {
    play(PATIENCE, scene, around);
  }

  private static void play(Patience patience, Scene scene, Peripheral... around) throws Exception {
    Optional<PrivateBus> bus = PrivateBus.start();
    if (bus.isEmpty()) {
      return;
    }
    try (PrivateBus there = bus.get();
        BluezStandIn bluez = BluezStandIn.start(there.address(), around)) {
      scene.play(bluez, new Bluetooth(there.address(), patience));
    }
  }

  private static Peripheral sensor() {
    return new Peripheral(ADDRESS, "sensor", serving(new Collecting().server(1024, 4)));
  }

  private static Function<Bytes, List<Bytes>> serving(SmpServer server) {
    return packet -> server.receive(new LinkId("ble"), packet);
  }

  private static BleTarget target(String text) throws Exception {
    return ((Target.Ble) Target.parse(text)).target();
  }

  private static BleTarget sensorByName() throws Exception {
    return target("ble://sensor");
  }

  private static void assertEchoed(BleLink link) throws IOException {
    assertThat(new SmpClient(link, System::nanoTime).call(ECHO))
        .isEqualTo(new Answer.Done<>(new Os.EchoReply("hello")));
  }

  // Finding and connecting.

  @Test
  void a_bonded_device_is_spoken_to_by_name_and_by_address_without_a_scan() throws Exception {
    play(
        (bluez, bluetooth) -> {
          for (String text : List.of("ble://sensor", "ble://" + ADDRESS)) {
            try (BleLink link = bluetooth.open(target(text))) {
              assertEchoed(link);
              assertThat(link.target()).isEqualTo(text);
            }
          }
          assertThat(bluez.calls()).doesNotContain("StartDiscovery", "Pair");
        },
        sensor().bonded());
  }

  @Test
  void closing_a_link_ends_the_connection_that_it_made() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          bluetooth.open(sensorByName()).close();
          assertThat(sensor.connected).isFalse();
          assertThat(bluez.calls()).contains("StopNotify", "Disconnect");
        },
        sensor);
  }

  @Test
  void a_connection_that_was_there_before_is_used_and_left_alone() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          try (BleLink first = bluetooth.open(sensorByName())) {
            assertEchoed(first);
            sensor.notifying = false;
            try (BleLink second = bluetooth.open(sensorByName())) {
              assertEchoed(second);
            }
            assertThat(sensor.connected).isTrue();
            assertThat(bluez.calls()).containsOnlyOnce("Connect");
          }
        },
        sensor);
  }

  @Test
  void a_device_that_is_not_paired_is_refused_and_nothing_is_sent_to_it() throws Exception {
    Peripheral sensor = sensor();
    play(
        (bluez, bluetooth) -> {
          assertThatThrownBy(() -> bluetooth.open(sensorByName()))
              .isInstanceOf(IOException.class)
              .hasMessage(
                  "sensor is not paired with this machine, so nothing would encrypt the link: pair"
                      + " it first (sealift device pair), or append ?encryption=none");
          assertThat(sensor.written).isEmpty();
          assertThat(bluez.calls()).containsOnly("GetManagedObjects");
        },
        sensor.known());
  }

  @Test
  void a_device_that_is_not_paired_is_found_by_scanning_when_no_encryption_is_asked()
      throws Exception {
    play(
        (bluez, bluetooth) -> {
          for (String device : List.of("sensor", ADDRESS)) {
            try (BleLink link = bluetooth.open(target("ble://" + device + "?encryption=none"))) {
              assertEchoed(link);
              assertThat(link.remarks())
                  .anyMatch(remark -> remark.contains("readable and writable by anybody"));
            }
          }
          assertThat(bluez.calls())
              .containsSubsequence(
                  "SetDiscoveryFilter", "StartDiscovery", "StopDiscovery", "Connect");
        },
        sensor());
  }

  @Test
  void a_bond_that_is_dropped_while_connecting_is_no_encryption() throws Exception {
    Peripheral sensor = sensor().bonded().neverResolving();
    play(
        (bluez, bluetooth) -> {
          CompletableFuture<Throwable> refusal = new CompletableFuture<>();
          Thread.ofVirtual()
              .start(
                  () -> {
                    try {
                      bluetooth.open(sensorByName()).close();
                      refusal.complete(new AssertionError("opened"));
                    } catch (Exception e) {
                      refusal.complete(e);
                    }
                  });
          bluez.awaitCall("Connect");
          bluez.dropBondAndResolve(sensor);
          assertThat(refusal.get()).hasMessageContaining("sensor is not paired any more");
          assertThat(sensor.written).isEmpty();
          assertThat(sensor.connected).isFalse();
        },
        sensor);
  }

  @Test
  void two_strangers_of_one_name_are_not_told_apart_by_chance() throws Exception {
    play(
        (bluez, bluetooth) -> {
          assertThatThrownBy(() -> bluetooth.open(target("ble://sensor?encryption=none")))
              .isInstanceOf(IOException.class)
              .hasMessage(
                  "2 devices are called sensor (%s at hci0, %s at hci0): name one by its address"
                      .formatted(ADDRESS, OTHER));
          assertThat(bluez.calls()).doesNotContain("Connect");
        },
        sensor(),
        new Peripheral(OTHER, "sensor", _ -> List.of()));
  }

  @Test
  void a_stranger_that_takes_the_name_of_a_bonded_device_gets_nothing() throws Exception {
    Peripheral stranger = new Peripheral(OTHER, "sensor", _ -> List.of()).known();
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(target("ble://sensor?encryption=none"))) {
            assertEchoed(link);
          }
          assertThat(stranger.connected).isFalse();
          assertThat(stranger.written).isEmpty();
        },
        stranger,
        sensor().bonded());
  }

  @Test
  void two_bonded_devices_of_one_name_want_an_address() throws Exception {
    play(
        (bluez, bluetooth) -> {
          assertThatThrownBy(() -> bluetooth.open(sensorByName()))
              .hasMessageContaining("2 devices are called sensor");
          try (BleLink link = bluetooth.open(target("ble://" + ADDRESS))) {
            assertEchoed(link);
          }
        },
        sensor().bonded(),
        new Peripheral(OTHER, "sensor", _ -> List.of()).bonded());
  }

  @Test
  void a_device_that_is_not_heard_is_said() throws Exception {
    play(
        HURRY,
        (bluez, bluetooth) ->
            assertThatThrownBy(() -> bluetooth.open(target("ble://nobody?encryption=none")))
                .hasMessage("nobody was not heard within 1 s: is it on, near and advertising?"),
        sensor());
  }

  @Test
  void an_adapter_that_is_off_or_missing_is_said() throws Exception {
    play(
        (bluez, bluetooth) -> {
          assertThatThrownBy(
                  () -> bluetooth.open(target("ble://stranger?encryption=none&adapter=hci7")))
              .hasMessage("this machine has no Bluetooth adapter hci7");
          bluez.switchOff();
          for (String text : List.of("ble://sensor", "ble://stranger?encryption=none")) {
            assertThatThrownBy(() -> bluetooth.open(target(text)))
                .hasMessage(
                    "the Bluetooth adapter hci0 is off (bluetoothctl power on; rfkill unblock"
                        + " bluetooth)");
          }
          assertThatThrownBy(() -> bluetooth.scan(Optional.empty(), SHORT))
              .hasMessageContaining("adapter hci0 is off");
        },
        sensor().bonded());
  }

  @Test
  void a_bus_without_bluez_and_no_bus_at_all_are_said() throws Exception {
    Optional<PrivateBus> bus = PrivateBus.start();
    if (bus.isPresent()) {
      try (PrivateBus there = bus.get()) {
        assertThatThrownBy(() -> new Bluetooth(there.address(), HURRY).open(sensorByName()))
            .hasMessage("BlueZ does not run (systemctl start bluetooth)");
      }
    }
    assertThatThrownBy(
            () -> new Bluetooth("unix:path=/nonexistent/bus", HURRY).open(sensorByName()))
        .hasMessageContaining("no message bus at unix:path=/nonexistent/bus");
  }

  @Test
  void a_connection_that_fails_at_first_is_tried_again() throws Exception {
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            assertEchoed(link);
          }
        },
        sensor()
            .bonded()
            .refusing(2, "Connect", "org.bluez.Error.Failed", "le-connection-abort-by-local"));
  }

  @Test
  void a_connection_that_always_fails_is_said_with_the_words_of_bluez() throws Exception {
    play(
        (bluez, bluetooth) ->
            assertThatThrownBy(() -> bluetooth.open(sensorByName()))
                .hasMessage(
                    "cannot connect to sensor: le-connection-abort-by-local"
                        + " (org.bluez.Error.Failed)"),
        sensor()
            .bonded()
            .refusing(3, "Connect", "org.bluez.Error.Failed", "le-connection-abort-by-local"));
  }

  @Test
  void somebody_else_connecting_at_the_same_time_serves_us_too() throws Exception {
    Peripheral sensor =
        sensor().bonded().refusing(1, "Connect", "org.bluez.Error.InProgress", "In Progress");
    play(
        (bluez, bluetooth) -> {
          Thread.ofVirtual().start(() -> bluez.connectFromElsewhere(sensor));
          try (BleLink link = bluetooth.open(sensorByName())) {
            assertEchoed(link);
          }
        },
        sensor);
  }

  @Test
  void services_that_are_never_found_are_said() throws Exception {
    play(
        HURRY,
        (bluez, bluetooth) ->
            assertThatThrownBy(() -> bluetooth.open(sensorByName()))
                .hasMessage("the services of sensor were not found within 1 s"),
        sensor().bonded().neverResolving());
  }

  @Test
  void a_device_without_smp_is_said() throws Exception {
    Peripheral lamp = sensor().bonded().withService(BATTERY);
    play(
        (bluez, bluetooth) -> {
          assertThatThrownBy(() -> bluetooth.open(sensorByName()))
              .hasMessageContaining("sensor does not speak SMP over Bluetooth");
          assertThat(lamp.connected).isFalse();
        },
        lamp);
  }

  @Test
  void a_characteristic_that_cannot_be_written_without_response_is_said() throws Exception {
    play(
        (bluez, bluetooth) ->
            assertThatThrownBy(() -> bluetooth.open(sensorByName()))
                .hasMessage(
                    "the SMP characteristic of sensor can do read, notify, not write without"
                        + " response and notify"),
        sensor().bonded().withFlags("read", "notify"));
  }

  @Test
  void a_scan_says_who_is_near_and_who_says_smp() throws Exception {
    play(
        (bluez, bluetooth) ->
            assertThat(bluetooth.scan(Optional.empty(), SHORT))
                .extracting(BleDevice::toString, BleDevice::saysSmp, BleDevice::bond)
                .containsExactlyInAnyOrder(
                    org.assertj.core.groups.Tuple.tuple(
                        "sensor (%s)".formatted(ADDRESS), true, BleDevice.Bond.BONDED),
                    org.assertj.core.groups.Tuple.tuple(
                        "lamp[2J (%s)".formatted(OTHER), false, BleDevice.Bond.NONE)),
        sensor().bonded(),
        // A name that would clear the screen.
        new Peripheral(OTHER, "lamp\u001b[2J", _ -> List.of()).withService(BATTERY));
  }

  @Test
  void looking_round_shows_who_says_smp_and_who_is_paired() throws Exception {
    play(
        (bluez, bluetooth) -> {
          assertThat(new BleLookout(bluetooth).look(SHORT))
              .extracting(seen -> seen.target() + " " + seen.description())
              .containsExactlyInAnyOrder(
                  "ble://%s sensor, not paired, -55 dBm".formatted(ADDRESS),
                  "ble://%s lamp, paired, -55 dBm".formatted(OTHER));
          assertThat(bluez.calls()).doesNotContain("Connect", "Pair");
        },
        sensor(),
        new Peripheral(OTHER, "lamp", _ -> List.of()).bonded().withService(BATTERY),
        new Peripheral("C0:FF:EE:00:00:03", "telephone", _ -> List.of()).withService(BATTERY));
  }

  // Pairing.

  @Test
  void a_device_is_paired_without_a_person_and_spoken_to_again_by_its_bond() throws Exception {
    Peripheral sensor = sensor().wantsPairing();
    play(
        (bluez, bluetooth) -> {
          assertThat(bluetooth.pair(sensorByName(), new Pairing.JustWorks()).bond())
              .isEqualTo(BleDevice.Bond.BONDED);
          assertThat(sensor.connected).as("whoever wants a link opens one").isFalse();
          for (int i = 0; i < 2; i++) {
            try (BleLink link = bluetooth.open(sensorByName())) {
              assertEchoed(link);
            }
          }
          assertThat(bluez.calls()).containsOnlyOnce("Pair");
          assertThat(bluetooth.pair(sensorByName(), new Pairing.JustWorks()).bond())
              .as("paired already")
              .isEqualTo(BleDevice.Bond.BONDED);
        },
        sensor);
  }

  @Test
  void a_passkey_is_asked_of_the_person_and_a_wrong_one_pairs_nothing() throws Exception {
    Peripheral sensor = sensor().withPasskey(1234);
    play(
        (bluez, bluetooth) -> {
          assertThatThrownBy(() -> bluetooth.pair(sensorByName(), typing(OptionalInt.of(4321))))
              .hasMessageContaining(
                  "cannot pair sensor (%s): the passkey is wrong".formatted(ADDRESS));
          assertThat(sensor.paired).isFalse();
          assertThatThrownBy(() -> bluetooth.pair(sensorByName(), typing(OptionalInt.empty())))
              .hasMessageContaining("it was given up");
          assertThat(sensor.paired).isFalse();
          assertThatThrownBy(() -> bluetooth.pair(sensorByName(), new Pairing.JustWorks()))
              .hasMessageContaining("the passkey is wrong, or the device wants one");
          assertThat(sensor.paired).isFalse();
          assertThat(bluetooth.pair(sensorByName(), typing(OptionalInt.of(1234))).bond())
              .isEqualTo(BleDevice.Bond.BONDED);
        },
        sensor);
  }

  private static Pairing typing(OptionalInt passkey) {
    return new Pairing.WithPerson(
        new Pairing.Person() {
          @Override
          public OptionalInt passkeyOf(BleDevice device) {
            assertThat(device.name()).isEqualTo("sensor");
            return passkey;
          }

          @Override
          public Pairing.Confirmation compare(BleDevice device, int digits) {
            throw new AssertionError("nothing to compare");
          }

          @Override
          public void show(BleDevice device, int digits) {
            throw new AssertionError("nothing to show");
          }
        });
  }

  @Test
  void a_device_that_refuses_a_link_without_pairing_is_said() throws Exception {
    play(
        (bluez, bluetooth) ->
            assertThatThrownBy(() -> bluetooth.open(target("ble://sensor?encryption=none")))
                .hasMessageContaining("sensor does not notify: Write not permitted"),
        sensor().wantsPairing());
  }

  @Test
  void a_forgotten_device_is_a_stranger_again() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          bluetooth.forget(sensorByName());
          assertThat(sensor.paired).isFalse();
          assertThatThrownBy(() -> bluetooth.open(sensorByName()))
              .hasMessageContaining("sensor is not paired with this machine");
          assertThatThrownBy(() -> bluetooth.forget(sensorByName()))
              .hasMessage("sensor is not paired with this machine");
        },
        sensor);
  }

  // Carrying.

  @Test
  void a_whole_upload_arrives_in_pieces_of_the_mtu() throws Exception {
    for (int mtu : List.of(23, 247, 498, 517)) {
      Collecting store = new Collecting();
      Peripheral sensor =
          new Peripheral(ADDRESS, "sensor", serving(store.server(1024, 4))).bonded().withMtu(mtu);
      Bytes file = Collecting.image(20_000);
      play(
          (bluez, bluetooth) -> {
            try (BleLink link = bluetooth.open(sensorByName());
                SmpClient client = new SmpClient(link, System::nanoTime)) {
              Frame frame = client.frame();
              assertThat(frame).isEqualTo(new Frame(1024, 3));
              assertThat(client.upload(new ChunkedContent.Image(file), frame, (_, _) -> {}))
                  .isInstanceOf(SmpClient.Delivery.Delivered.class);
            }
            assertThat(store.finished()).contains(file);
            assertThat(sensor.written)
                .allMatch(write -> write.size() <= Math.min(512, sensor.mtu - 3));
          },
          sensor);
    }
  }

  @Test
  void a_device_that_puts_nothing_together_gets_no_more_than_one_write_at_a_time()
      throws Exception {
    Collecting store = new Collecting();
    Peripheral sensor =
        new Peripheral(ADDRESS, "sensor", serving(store.server(1024, 4)))
            .bonded()
            .withoutReassembly();
    Bytes file = Collecting.image(5_000);
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName());
              SmpClient client = new SmpClient(link, System::nanoTime)) {
            Frame frame = client.frame();
            assertThat(frame).isEqualTo(new Frame(244, 3));
            assertThat(client.upload(new ChunkedContent.Image(file), frame, (_, _) -> {}))
                .isInstanceOf(SmpClient.Delivery.Delivered.class);
          }
          assertThat(store.finished()).contains(file);
        },
        sensor);
  }

  @Test
  void a_device_that_does_not_tell_its_buffers_gets_no_more_than_one_write_at_a_time()
      throws Exception {
    SmpServer server = new Collecting().server(1024, 4, new Collecting.NoParameters());
    play(
        (bluez, bluetooth) -> {
          try (SmpClient client = new SmpClient(bluetooth.open(sensorByName()), System::nanoTime)) {
            assertThat(client.frame()).isEqualTo(new Frame(244, 1));
          }
        },
        new Peripheral(ADDRESS, "sensor", serving(server)).bonded());
  }

  @Test
  void writes_too_small_for_an_upload_are_said_where_nothing_is_put_together() throws Exception {
    play(
        (bluez, bluetooth) -> {
          try (SmpClient client = new SmpClient(bluetooth.open(sensorByName()), System::nanoTime)) {
            assertThatThrownBy(client::frame)
                .hasMessage(
                    "ble://sensor takes 62 bytes at a time and is not seen to put more together:"
                        + " too few for an upload");
          }
        },
        sensor().bonded().withMtu(65).withoutReassembly());
  }

  @Test
  void an_upload_that_is_cut_off_is_said_and_the_next_one_goes_on() throws Exception {
    Collecting store = new Collecting();
    Peripheral sensor =
        new Peripheral(ADDRESS, "sensor", serving(store.server(1024, 4)))
            .bonded()
            .lostAfterWrites(40);
    Bytes file = Collecting.image(20_000);
    List<Long> began = new ArrayList<>();
    play(
        (bluez, bluetooth) -> {
          ChunkedContent content = new ChunkedContent.Image(file);
          try (BleLink link = bluetooth.open(sensorByName());
              SmpClient client = new SmpClient(link, System::nanoTime)) {
            assertThatThrownBy(() -> client.upload(content, new Frame(1024, 3), (_, _) -> {}))
                .isInstanceOf(IOException.class)
                .hasMessageContaining("sensor has disconnected");
          }
          try (BleLink link = bluetooth.open(sensorByName());
              SmpClient client = new SmpClient(link, System::nanoTime)) {
            assertThat(
                    client.upload(
                        content, new Frame(1024, 3), (acknowledged, _) -> began.add(acknowledged)))
                .isInstanceOf(SmpClient.Delivery.Delivered.class);
          }
          assertThat(store.finished()).contains(file);
          assertThat(began.stream().filter(at -> at > 0).findFirst().orElseThrow())
              .as("what had arrived is not sent again")
              .isGreaterThan(4000);
        },
        sensor);
  }

  @Test
  void what_came_before_the_loss_is_received_and_then_the_loss_is_said() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            Bytes packet = SmpMessage.request(ECHO, SmpMessage.Version.V2, 7).write();
            link.send(packet);
            bluez.lose(sensor);
            assertThat(link.receive(BOUND)).isPresent();
            assertThatThrownBy(() -> link.receive(BOUND))
                .hasMessage("sensor has disconnected: Connection timeout");
            assertThatThrownBy(() -> link.send(packet))
                .hasMessage("sensor has disconnected: Connection timeout");
          }
        },
        sensor);
  }

  @Test
  void a_device_that_has_forgotten_its_bond_is_said_with_what_helps() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            bluez.loseByForgottenBond(sensor);
            assertThatThrownBy(() -> link.receive(BOUND))
                .hasMessage(
                    "sensor has disconnected: Authentication failure; one of the two has forgotten"
                        + " the bond: forget the device and pair it again");
          }
        },
        sensor);
  }

  @Test
  void a_device_that_comes_back_by_itself_does_not_revive_a_lost_link() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            bluez.lose(sensor);
            bluez.connectFromElsewhere(sensor);
            assertThatThrownBy(() -> link.receive(BOUND))
                .hasMessageContaining("sensor has disconnected");
          }
          assertThat(sensor.connected).as("not ours any more").isTrue();
        },
        sensor);
  }

  @Test
  void an_adapter_switched_off_and_an_object_that_vanishes_end_a_link() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            bluez.vanish(sensor);
            assertThatThrownBy(() -> link.receive(BOUND))
                .hasMessageContaining("sensor has disconnected");
          }
        },
        sensor);
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            bluez.switchOff();
            assertThatThrownBy(() -> link.receive(BOUND))
                .hasMessageContaining("sensor has disconnected");
          }
        },
        sensor().bonded());
  }

  @Test
  void bluez_stopping_ends_a_link() throws Exception {
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            bluez.close();
            assertThatThrownBy(() -> link.receive(BOUND)).hasMessage("BlueZ has stopped");
            assertThatThrownBy(() -> link.send(Bytes.ofHex("00"))).isInstanceOf(IOException.class);
          }
        },
        sensor().bonded());
  }

  @Test
  void a_write_that_finds_another_under_way_is_repeated() throws Exception {
    Peripheral sensor =
        sensor().bonded().refusing(3, "WriteValue", "org.bluez.Error.InProgress", "In Progress");
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            assertEchoed(link);
          }
          assertThat(sensor.written).hasSize(1);
        },
        sensor);
  }

  @Test
  void a_write_that_is_refused_is_said_and_not_repeated() throws Exception {
    Peripheral sensor =
        sensor()
            .bonded()
            .refusing(1, "WriteValue", "org.bluez.Error.NotPermitted", "Write acquired");
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            assertThatThrownBy(() -> link.send(Bytes.ofHex("0000000000000000")))
                .hasMessage(
                    "sensor takes no write: Write acquired (org.bluez.Error.NotPermitted); another"
                        + " program of this machine may hold its characteristic");
          }
          assertThat(sensor.written).isEmpty();
        },
        sensor);
  }

  @Test
  void a_slow_write_holds_the_next_one_back() throws Exception {
    Peripheral sensor = sensor().bonded().withMtu(23);
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            bluez.holdWrites();
            Os.Echo longer = new Os.Echo(Optional.of("a text of two writes"));
            Bytes packet = SmpMessage.request(longer, SmpMessage.Version.V2, 7).write();
            assertThat(packet.size()).as("two writes").isBetween(21, 40);
            CompletableFuture<Void> sent =
                CompletableFuture.runAsync(
                    () -> {
                      try {
                        link.send(packet);
                      } catch (IOException e) {
                        throw new java.io.UncheckedIOException(e);
                      }
                    },
                    task -> Thread.ofVirtual().start(task));
            bluez.letOneGo(BOUND, () -> assertThat(sensor.written).hasSize(1));
            bluez.letOneGo(BOUND, () -> assertThat(sensor.written).hasSize(2));
            sent.get();
            assertThat(Bytes.concat(sensor.written.toArray(Bytes[]::new))).isEqualTo(packet);
            assertThat(link.receive(BOUND)).isPresent();
          }
        },
        sensor);
  }

  // What lies.

  @Test
  void notifications_that_are_no_packets_are_dropped() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            bluez.notify(sensor, Bytes.EMPTY);
            bluez.notify(sensor, Bytes.ofHex("ffffffffffffffffffffff"));
            bluez.notify(sensor, Bytes.filled(512, 0xa5));
            assertEchoed(link);
          }
        },
        sensor);
  }

  @Test
  void endless_notifications_fill_no_more_than_their_bound() throws Exception {
    Peripheral sensor = sensor().bonded();
    play(
        (bluez, bluetooth) -> {
          try (BleLink link = bluetooth.open(sensorByName())) {
            Bytes packet = SmpMessage.request(ECHO, SmpMessage.Version.V2, 7).write();
            for (int i = 0; i < BlueZ.NOTIFICATIONS_MAX + 500; i++) {
              bluez.notify(sensor, packet);
            }
            bluez.lose(sensor);
            // The loss is heard behind all of them.
            assertThatThrownBy(() -> link.send(packet)).hasMessageContaining("disconnected");
            int received = 0;
            try {
              while (link.receive(BOUND).isPresent()) {
                received++;
              }
            } catch (IOException _) {
              // All is received.
            }
            assertThat(received).isBetween(1, BlueZ.NOTIFICATIONS_MAX);
          }
        },
        sensor);
  }

  @Test
  void a_program_that_is_not_bluez_is_not_believed() throws Exception {
    Peripheral sensor = sensor().bonded();
    Optional<PrivateBus> bus = PrivateBus.start();
    if (bus.isEmpty()) {
      return;
    }
    try (PrivateBus there = bus.get();
        BluezStandIn bluez = BluezStandIn.start(there.address(), sensor);
        BleLink link = new Bluetooth(there.address(), PATIENCE).open(sensorByName());
        Bus liar = Bus.open(there.address(), new Deaf())) {
      // Sent to everybody, and one of our rules fits it but for the sender.
      liar.emit(
          BluezStandIn.path(sensor),
          "org.freedesktop.DBus.Properties",
          "PropertiesChanged",
          "sa{sv}as",
          BluezObjects.DEVICE,
          Map.of("Connected", new Variant<>(false)),
          new String[0]);
      // A round trip behind it on the same bus.
      liar.owner(BlueZ.NAME);
      assertEchoed(link);
      assertThat(bluez.calls()).contains("WriteValue");
    }
  }

  private static final class Deaf implements Bus.Listener {
    @Override
    public void heard(Bus.Signal signal) {}

    @Override
    public void asked(Bus.Asked call) {}

    @Override
    public void ended(IOException why) {}
  }
}
