// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.wire.PacketAssembler;
import dev.sealift.transport.Link;
import dev.sealift.transport.ble.Search.Seen;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import org.freedesktop.dbus.types.Variant;

/// SMP over Bluetooth LE. A packet goes out as one or more writes without response, and comes as
/// one or more notifications. Once the device is lost the link is of no more use: what it had sent
/// before is still received, then it is said.
public final class BleLink implements Link {
  /// As much as a header can announce: a device that puts packets together says how much it takes.
  private static final int PACKET_MAX = SmpHeader.SIZE + 0xffff;

  private static final int CONNECT_TRIES = 3;

  /// A write that finds another one under way is repeated, so often and after so long.
  private static final int WRITE_TRIES = 200;

  private static final Duration WRITE_PAUSE = Duration.ofMillis(20);

  private static final Map<String, Variant<?>> WITHOUT_RESPONSE =
      Map.of("type", new Variant<>("command"));

  /// Who ends the connection.
  private enum Ours {
    CONNECTED_BY_US,
    CONNECTED_BEFORE
  }

  private final BlueZ bluez;
  private final BleTarget target;
  private final String device;
  private final String characteristic;
  private final Writes writes;
  private final Patience patience;
  private final Ours ours;
  private final int lossesBefore;
  private final List<String> remarks;
  private final PacketAssembler assembler = new PacketAssembler(PACKET_MAX);
  private final Deque<Bytes> packets = new ArrayDeque<>();

  private BleLink(
      BlueZ bluez, Ground ground, String characteristic, Writes writes, List<String> remarks) {
    this.bluez = bluez;
    this.target = ground.target();
    this.device = ground.device();
    this.patience = ground.patience();
    this.ours = ground.ours();
    this.lossesBefore = ground.lossesBefore();
    this.characteristic = characteristic;
    this.writes = writes;
    this.remarks = remarks;
  }

  /// A connection, and what it is measured against.
  private record Ground(
      BleTarget target, String device, Patience patience, Ours ours, int lossesBefore) {}

  static BleLink connect(BlueZ bluez, BleTarget target, Seen seen, Patience patience)
      throws IOException {
    int lossesBefore = bluez.losses(seen.path());
    Ours ours = seen.isConnected() ? Ours.CONNECTED_BEFORE : Ours.CONNECTED_BY_US;
    Ground ground = new Ground(target, seen.path(), patience, ours, lossesBefore);
    if (ours == Ours.CONNECTED_BY_US) {
      connect(bluez, ground, seen);
    }
    try {
      return resolved(bluez, ground);
    } catch (IOException e) {
      if (ours == Ours.CONNECTED_BY_US) {
        Bluetooth.disconnect(bluez, seen.path());
      }
      throw e;
    }
  }

  private static void connect(BlueZ bluez, Ground ground, Seen seen) throws IOException {
    for (int tries = 1; ; tries++) {
      try {
        bluez.call(
            ground.device(), BluezObjects.DEVICE, "Connect", ground.patience().connect(), "");
        return;
      } catch (BusException e) {
        switch (e.error()) {
          case "org.bluez.Error.AlreadyConnected" -> {
            return;
          }
          // Somebody else is at it; their connection serves us too.
          case "org.bluez.Error.InProgress" -> {
            if (bluez
                .await(
                    ground.patience().connect(),
                    objects -> Seen.at(objects, ground.device()).filter(Seen::isConnected))
                .isEmpty()) {
              throw unreachable(bluez, ground, e);
            }
            return;
          }
          case "org.bluez.Error.NotReady" ->
              throw new IOException(Bluetooth.off(Bluetooth.nameOf(seen.adapter())), e);
          // Connections over the air fail now and then for nobody's fault.
          case "org.bluez.Error.Failed" -> {
            if (tries == CONNECT_TRIES) {
              throw unreachable(bluez, ground, e);
            }
          }
          case "org.freedesktop.DBus.Error.UnknownObject",
              "org.freedesktop.DBus.Error.UnknownMethod" ->
              throw Bluetooth.vanished(ground.target());
          default -> throw unreachable(bluez, ground, e);
        }
      }
    }
  }

  private static IOException unreachable(BlueZ bluez, Ground ground, BusException cause) {
    return new IOException(
        "cannot connect to %s: %s%s"
            .formatted(
                ground.target().device(), cause.said(), hint(bluez.lossReason(ground.device()))),
        cause);
  }

  private static BleLink resolved(BlueZ bluez, Ground ground) throws IOException {
    BluezObjects.Found smp =
        bluez
            .await(
                ground.patience().services(),
                objects -> {
                  if (isLost(bluez, ground)) {
                    throw lost(bluez, ground);
                  }
                  Optional<Seen> seen =
                      Seen.at(objects, ground.device())
                          .filter(device -> device.fields().is("ServicesResolved"));
                  if (seen.isEmpty()) {
                    return Optional.empty();
                  }
                  refuseUnpaired(ground, seen.get());
                  return Optional.of(smpIn(objects, ground));
                })
            .orElseThrow(
                () ->
                    new IOException(
                        "the services of %s were not found within %d s"
                            .formatted(
                                ground.target().device(),
                                Math.max(1, ground.patience().services().toSeconds()))));
    // GattCharacteristic1: MTU. Where an older BlueZ does not tell it, only the least is sure.
    Writes writes =
        new Writes(smp.fields().number("MTU").map(Math::toIntExact).orElse(Writes.MTU_MIN));
    String adapter =
        Bluetooth.nameOf(ground.device().substring(0, ground.device().lastIndexOf('/')));
    BleLink link = new BleLink(bluez, ground, smp.path(), writes, remarks(ground, writes, adapter));
    link.startNotify();
    return link;
  }

  private static List<String> remarks(Ground ground, Writes writes, String adapter) {
    List<String> remarks = new ArrayList<>();
    remarks.add("MTU %d: up to %d bytes in one write".formatted(writes.mtu(), writes.wholeMax()));
    remarks.add(
        switch (ground.target().encryption()) {
          case REQUIRED ->
              "paired: BlueZ has keys and asks for encryption, which cannot be seen over D-Bus";
          case NOT_ASKED -> "the link may be readable and writable by anybody, as was asked for";
        });
    remarks.addAll(HostSettings.read(Path.of("/"), adapter).remarks());
    return remarks;
  }

  /// A bond can have been dropped while the connection was made: then it is not encrypted either.
  private static void refuseUnpaired(Ground ground, Seen seen) throws IOException {
    if (ground.target().encryption() == BleTarget.Encryption.REQUIRED && !seen.isPaired()) {
      throw new IOException(
          "%s is not paired any more: forget it and pair it again"
              .formatted(ground.target().device()));
    }
  }

  private static BluezObjects.Found smpIn(BluezObjects objects, Ground ground) throws IOException {
    BluezObjects.Found smp =
        objects
            .all(BluezObjects.CHARACTERISTIC)
            .filter(found -> found.path().startsWith(ground.device() + "/"))
            .filter(found -> isUuid(found.fields(), BleDevice.SMP_CHARACTERISTIC))
            .filter(
                found ->
                    found
                        .fields()
                        .text("Service")
                        .flatMap(service -> objects.at(service, BluezObjects.SERVICE))
                        .filter(service -> isUuid(service, BleDevice.SMP_SERVICE))
                        .isPresent())
            .findFirst()
            .orElseThrow(
                () ->
                    new IOException(
                        "%s does not speak SMP over Bluetooth: it has no service %s"
                            .formatted(ground.target().device(), BleDevice.SMP_SERVICE)));
    List<String> flags = smp.fields().texts("Flags");
    if (!flags.contains("write-without-response") || !flags.contains("notify")) {
      throw new IOException(
          "the SMP characteristic of %s can do %s, not write without response and notify"
              .formatted(ground.target().device(), String.join(", ", flags)));
    }
    return smp;
  }

  private static boolean isUuid(Fields fields, String uuid) {
    return fields
        .text("UUID")
        .filter(text -> text.toLowerCase(Locale.ROOT).equals(uuid))
        .isPresent();
  }

  private void startNotify() throws IOException {
    bluez.keepNotifications(characteristic);
    try {
      bluez.call(
          characteristic, BluezObjects.CHARACTERISTIC, "StartNotify", patience.services(), "");
    } catch (BusException e) {
      throw new IOException(refusal("does not notify", e), e);
    }
  }

  @Override
  public String target() {
    return target.toString();
  }

  @Override
  public int packetMax() {
    return PACKET_MAX;
  }

  @Override
  public int pieceMax() {
    return writes.wholeMax();
  }

  @Override
  public List<String> remarks() {
    return remarks;
  }

  @Override
  public void send(Bytes packet) throws IOException {
    for (Bytes piece : writes.of(packet)) {
      write(piece);
    }
  }

  private void write(Bytes piece) throws IOException {
    for (int tries = 1; ; tries++) {
      if (isLost()) {
        throw lost();
      }
      try {
        bluez.call(
            characteristic,
            BluezObjects.CHARACTERISTIC,
            "WriteValue",
            patience.write(),
            "aya{sv}",
            piece.toArray(),
            WITHOUT_RESPONSE);
        return;
      } catch (BusException e) {
        if (isLost()) {
          throw lost();
        }
        if (!e.error().equals("org.bluez.Error.InProgress") || tries == WRITE_TRIES) {
          throw new IOException(refusal("takes no write", e), e);
        }
        bluez.await(WRITE_PAUSE, _ -> isLost() ? Optional.of(piece) : Optional.empty());
      }
    }
  }

  private String refusal(String deed, BusException e) {
    String hint =
        switch (e.error()) {
          case "org.bluez.Error.NotPermitted" ->
              "; another program of this machine may hold its characteristic";
          case "org.bluez.Error.NotAuthorized" ->
              "; it may want to be paired, or paired with a passkey";
          default -> "";
        };
    return "%s %s: %s%s".formatted(target.device(), deed, e.said(), hint);
  }

  @Override
  public Optional<Bytes> receive(Duration wait) throws IOException {
    if (packets.isEmpty()) {
      bluez.await(
          wait,
          _ -> {
            while (packets.isEmpty()) {
              Optional<Bytes> piece = bluez.notification();
              if (piece.isEmpty()) {
                if (isLost()) {
                  throw lost();
                }
                return Optional.empty();
              }
              packets.addAll(assembler.add(piece.get()));
            }
            return Optional.of(packets);
          });
    }
    return Optional.ofNullable(packets.poll());
  }

  private boolean isLost() {
    return bluez.losses(device) != lossesBefore;
  }

  private static boolean isLost(BlueZ bluez, Ground ground) {
    return bluez.losses(ground.device()) != ground.lossesBefore();
  }

  private IOException lost() {
    return new IOException(lost(bluez, device, target));
  }

  private static IOException lost(BlueZ bluez, Ground ground) {
    return new IOException(lost(bluez, ground.device(), ground.target()));
  }

  private static String lost(BlueZ bluez, String device, BleTarget target) {
    return bluez
        .lossReason(device)
        .map(
            reason ->
                "%s has disconnected: %s%s"
                    .formatted(target.device(), reason.words(), hint(Optional.of(reason))))
        .orElseGet(() -> "%s has disconnected".formatted(target.device()));
  }

  private static String hint(Optional<BlueZ.Reason> reason) {
    return reason.filter(BlueZ.Reason::isAuthentication).isPresent()
        ? "; one of the two has forgotten the bond: forget the device and pair it again"
        : "";
  }

  @Override
  public void close() {
    if (!isLost()) {
      try {
        bluez.call(characteristic, BluezObjects.CHARACTERISTIC, "StopNotify", BlueZ.PATIENCE, "");
      } catch (IOException _) {
        // It ends with our connection to the bus.
      }
      if (ours == Ours.CONNECTED_BY_US) {
        Bluetooth.disconnect(bluez, device);
      }
    }
    bluez.close();
  }
}
