// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import java.util.Optional;

/// One SMP packet: header and payload. The map keeps the order of its keys, so a message is written
/// as it was read. Commands without arguments may come without any payload.
public record SmpMessage(SmpHeader header, Optional<CborMap> payload) {
  /// The version bits of the header that this side writes.
  public enum Version {
    V1(0),
    V2(1);

    private final int bits;

    Version(int bits) {
      this.bits = bits;
    }

    public int bits() {
      return bits;
    }

    /// Version 1 is what every later one steps down to.
    public static Version ofBits(int bits) {
      return bits == V2.bits ? V2 : V1;
    }
  }

  /// A request, its length computed.
  public static SmpMessage request(Request<?> request, Version version, int sequence) {
    Bytes body = Cbor.encode(request.fields());
    CommandKey command = request.command();
    return new SmpMessage(
        new SmpHeader(
            command.operation(),
            version.bits(),
            0,
            body.size(),
            command.group(),
            sequence,
            command.id()),
        Optional.of(request.fields()));
  }

  public static SmpMessage read(Bytes packet) throws MalformedException {
    SmpHeader header = SmpHeader.read(packet);
    int end = SmpHeader.SIZE + header.length();
    if (end > packet.size()) {
      throw new MalformedException(
          "the header announces %d bytes of payload, %d came"
              .formatted(header.length(), packet.size() - SmpHeader.SIZE),
          2);
    }
    if (header.length() == 0) {
      return new SmpMessage(header, Optional.empty());
    }
    CborItem item = Cbor.lenient(packet.slice(SmpHeader.SIZE, end));
    if (item instanceof CborMap map) {
      return new SmpMessage(header, Optional.of(map));
    }
    throw new MalformedException(
        "the payload is a %s, expected a map".formatted(item.kind()), SmpHeader.SIZE);
  }

  /// What stands in a packet behind its first message; nothing where that is not to be told.
  public static Bytes behindFirst(Bytes packet) {
    try {
      int end = SmpHeader.SIZE + SmpHeader.read(packet).length();
      return end < packet.size() ? packet.from(end) : Bytes.EMPTY;
    } catch (MalformedException _) {
      return Bytes.EMPTY;
    }
  }

  /// Definite lengths; the header says how long the payload is as written here.
  public Bytes write() {
    Bytes body = payload.map(Cbor::encode).orElse(Bytes.EMPTY);
    return header.withLength(body.size()).write().plus(body);
  }

  public CborMap fields() {
    return payload.orElse(CborMap.EMPTY);
  }
}
