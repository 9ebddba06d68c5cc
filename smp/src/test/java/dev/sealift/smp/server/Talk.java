// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Command;
import dev.sealift.smp.Group;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpHeader;
import dev.sealift.smp.SmpMessage;
import java.util.List;

/// A server and one link to it: packets in, answers out, as bytes or as values.
final class Talk {
  static final int V1 = 0;
  static final int V2 = 1;

  final MemoryStore store = new MemoryStore();
  final SmpServer server;
  int resets;

  Talk() {
    this(512, Hooks.NONE);
  }

  Talk(int bufferSize, Hooks hooks, ServedGroup... more) {
    this(Samples.setup(bufferSize, 4), hooks, more);
  }

  /// With a server of that mood.
  Talk(Mood mood, ServedGroup... more) {
    this(new SmpServer.Setup(1024, 4, mood), Hooks.NONE, more);
  }

  private Talk(SmpServer.Setup setup, Hooks hooks, ServedGroup... more) {
    this.server = new SmpServer(setup, Samples.FACTS, store, List.of(more), hooks, _ -> resets++);
  }

  /// Everything that comes back for one datagram.
  List<Bytes> send(Bytes datagram) {
    return server.receive(Samples.LINK, datagram);
  }

  /// The one answer to a packet given in hexadecimal, as one.
  String hex(String packet) {
    return one(Bytes.ofHex(packet)).toHex();
  }

  Bytes one(Bytes datagram) {
    List<Bytes> answers = send(datagram);
    assertThat(answers).hasSize(1);
    return answers.getFirst();
  }

  /// The fields of the answer to one request of version 2.
  CborMap ask(Request<?> request) {
    return fields(one(SmpMessage.request(request, SmpMessage.Version.V2, 7).write()));
  }

  /// The same for fields that no typed request has.
  CborMap ask(Command command, CborMap fields) {
    return fields(one(packet(V2, command, fields)));
  }

  /// How far the server says an upload has come.
  long offset(Request<?> request) {
    CborMap answer = ask(request);
    assertThat(answer.entries())
        .as("an answer without error")
        .containsOnlyKeys(new CborText("off"));
    try {
      return CborFields.of(answer, "answer").integer("off");
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static Bytes packet(int version, Command command, CborMap fields) {
    Bytes payload = Cbor.encode(fields);
    return new SmpHeader(
            command.key().operation(),
            version,
            0,
            payload.size(),
            command.key().group(),
            7,
            command.key().id())
        .write()
        .plus(payload);
  }

  static CborMap fields(Bytes packet) {
    try {
      return SmpMessage.read(packet).fields();
    } catch (MalformedException e) {
      throw new AssertionError("the answer cannot be read: " + packet, e);
    }
  }

  static SmpHeader header(Bytes packet) {
    try {
      return SmpHeader.read(packet);
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  static CborMap code(int code) {
    return CborMap.builder().put("rc", code).build();
  }

  static CborMap error(ImageError error) {
    return error(Group.IMAGE, error.code());
  }

  static CborMap error(Group group, int code) {
    return CborMap.builder()
        .put("err", CborMap.builder().put("group", group.number()).put("rc", code).build())
        .build();
  }
}
