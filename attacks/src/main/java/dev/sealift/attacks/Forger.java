// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.SmpHeader;
import dev.sealift.transport.MemoryLink;
import java.util.ArrayList;
import java.util.List;

/// Somebody who gives answers in a device's place: that all of an upload is there.
enum Forger {
  NOBODY,
  /// On another transport: the numbers of a request are guesses.
  BLIND,
  /// On the path, where every number can be read.
  ON_PATH,
  /// Answers all the time, what nobody asked: another group, operation or number each time, and
  /// noise.
  CHATTERER;

  private static final int CHATTER = 20;

  private static final int WRONG_BY = 100;

  /// What comes of the packets of an upload of so many bytes.
  MemoryLink.Way way(int total) {
    return packet -> {
      if (this == NOBODY || !isUploadAnswer(packet)) {
        return List.of(packet);
      }
      if (this == CHATTERER) {
        return chatter(packet, total);
      }
      Bytes forged = forged(header(packet), total);
      return this == BLIND ? List.of(forged, packet) : List.of(forged);
    };
  }

  private static List<Bytes> chatter(Bytes packet, int total) {
    SmpHeader genuine = header(packet);
    List<Bytes> all = new ArrayList<>();
    for (int i = 0; i < CHATTER; i++) {
      int wrong = WRONG_BY + i;
      int sequence = (genuine.sequence() + wrong) & 0xff;
      all.add(forged(genuine, genuine.operation(), genuine.group(), sequence, total));
      all.add(forged(genuine, genuine.operation(), wrong, genuine.sequence(), total));
      all.add(forged(genuine, SmpHeader.WRITE, genuine.group(), genuine.sequence(), total));
      all.add(packet.first(Math.min(i, packet.size() - 1)));
    }
    all.add(packet);
    all.add(packet);
    return all;
  }

  private Bytes forged(SmpHeader genuine, int total) {
    int sequence = this == BLIND ? (genuine.sequence() + WRONG_BY) & 0xff : genuine.sequence();
    return forged(genuine, genuine.operation(), genuine.group(), sequence, total);
  }

  private static Bytes forged(
      SmpHeader genuine, int operation, int group, int sequence, int total) {
    Bytes payload = Cbor.encode(CborMap.builder().put("off", total).build());
    return new SmpHeader(
            operation, genuine.version(), 0, payload.size(), group, sequence, genuine.command())
        .write()
        .plus(payload);
  }

  private static boolean isUploadAnswer(Bytes packet) {
    SmpHeader header = header(packet);
    return header.operation() == SmpHeader.WRITE_ANSWER
        && header.group() == 1
        && header.command() == 1;
  }

  private static SmpHeader header(Bytes packet) {
    try {
      return SmpHeader.read(packet);
    } catch (MalformedException e) {
      throw new IllegalStateException("every packet has a header", e);
    }
  }
}
