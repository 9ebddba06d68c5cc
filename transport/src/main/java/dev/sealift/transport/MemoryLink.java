// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.SmpServer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// A link to a server in the same process: what is sent is served at once and its answers wait to
/// be received. Nothing is lost on it unless `way` says so.
public final class MemoryLink implements Link {
  /// What becomes of a packet on its way, in either direction: any number of packets.
  @FunctionalInterface
  public interface Way {
    List<Bytes> carry(Bytes packet);
  }

  /// The other side.
  @FunctionalInterface
  public interface Server {
    List<Bytes> receive(LinkId link, Bytes packet);
  }

  private final LinkId id;
  private final Server server;
  private final Way way;
  private final Deque<Bytes> answers = new ArrayDeque<>();

  public MemoryLink(LinkId id, Server server, Way way) {
    this.id = id;
    this.server = server;
    this.way = way;
  }

  public MemoryLink(LinkId id, Server server) {
    this(id, server, List::of);
  }

  @Override
  public String target() {
    return "memory://" + id;
  }

  @Override
  public int packetMax() {
    return SmpServer.DATAGRAM_MAX;
  }

  @Override
  public void send(Bytes packet) {
    for (Bytes arrived : way.carry(packet)) {
      for (Bytes answer : server.receive(id, arrived)) {
        answers.addAll(way.carry(answer));
      }
    }
  }

  /// Does not wait: what is not there now will not come by itself.
  @Override
  public Optional<Bytes> receive(Duration patience) {
    return Optional.ofNullable(answers.poll());
  }

  @Override
  public void close() {
    answers.clear();
  }
}
