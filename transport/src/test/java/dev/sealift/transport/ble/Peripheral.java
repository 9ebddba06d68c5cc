// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.wire.PacketAssembler;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.OptionalInt;
import java.util.function.Function;

/// A device on the air in front of [BluezStandIn]: what it is, what it does wrong, and the SMP
/// server in it. Described once, before it is put on the air; what changes afterwards is changed by
/// the stand-in, under its lock.
public final class Peripheral {
  /// Where BlueZ has it from.
  enum Presence {
    /// BlueZ knows it from before; it is near.
    KNOWN,
    /// It is heard when somebody scans.
    ADVERTISING
  }

  /// What the device wants of a link before its characteristic may be used.
  enum Wants {
    NOTHING,
    PAIRING
  }

  /// Whether a request may come in several writes.
  enum Requests {
    PUT_TOGETHER,
    ONE_WRITE_EACH
  }

  final String address;
  final String name;
  final Function<Bytes, List<Bytes>> server;
  Presence presence = Presence.ADVERTISING;
  Wants wants = Wants.NOTHING;
  Requests requests = Requests.PUT_TOGETHER;
  OptionalInt passkey = OptionalInt.empty();
  int mtu = 247;
  List<String> flags = List.of("write-without-response", "notify");
  String service = BleDevice.SMP_SERVICE;
  String characteristic = BleDevice.SMP_CHARACTERISTIC;

  /// Errors that the next calls meet, first come first served: member, then name and words.
  final Deque<Refusal> refusals = new ArrayDeque<>();

  /// After so many writes the connection breaks; never, if negative.
  int writesUntilLoss = -1;

  boolean paired;
  boolean resolves = true;

  // What is so now.
  boolean heard;
  boolean connected;
  boolean notifying;
  boolean resolved;
  final List<Bytes> written = new ArrayList<>();
  private final PacketAssembler assembler = new PacketAssembler(8 + 0xffff);

  /// A call that is refused.
  record Refusal(String member, String error, String words) {}

  public Peripheral(String address, String name, Function<Bytes, List<Bytes>> server) {
    this.address = address;
    this.name = name;
    this.server = server;
  }

  /// Bonded with this machine long ago.
  public Peripheral bonded() {
    paired = true;
    presence = Presence.KNOWN;
    return this;
  }

  Peripheral known() {
    presence = Presence.KNOWN;
    return this;
  }

  Peripheral wantsPairing() {
    wants = Wants.PAIRING;
    return this;
  }

  /// Has a passkey printed on it, which whoever pairs must know.
  public Peripheral withPasskey(int digits) {
    passkey = OptionalInt.of(digits);
    return wantsPairing();
  }

  Peripheral withMtu(int bytes) {
    mtu = bytes;
    return this;
  }

  Peripheral withFlags(String... only) {
    flags = List.of(only);
    return this;
  }

  Peripheral withService(String uuid) {
    service = uuid;
    return this;
  }

  Peripheral withoutReassembly() {
    requests = Requests.ONE_WRITE_EACH;
    return this;
  }

  Peripheral neverResolving() {
    resolves = false;
    return this;
  }

  Peripheral refusing(int times, String member, String error, String words) {
    for (int i = 0; i < times; i++) {
      refusals.add(new Refusal(member, error, words));
    }
    return this;
  }

  Peripheral lostAfterWrites(int count) {
    writesUntilLoss = count;
    return this;
  }

  /// What the server answers to one write, whole packets.
  List<Bytes> take(Bytes write) {
    written.add(write);
    List<Bytes> packets =
        switch (requests) {
          case PUT_TOGETHER -> assembler.add(write);
          case ONE_WRITE_EACH -> List.of(write);
        };
    return packets.stream().flatMap(packet -> server.apply(packet).stream()).toList();
  }

  /// A new connection begins with no part of a packet.
  void reconnected() {
    assembler.clear();
    notifying = false;
  }
}
