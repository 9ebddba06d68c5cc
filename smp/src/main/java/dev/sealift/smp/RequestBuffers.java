// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// The network buffers of a server. Requests wait in them, the one being served keeps its own and
/// takes a second one for its answer; what finds none free is dropped in silence, as on a device.
public final class RequestBuffers {
  /// A request that waits, and the link its answer goes to.
  public record Waiting(LinkId link, Bytes datagram) {}

  private final int count;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int serving;
  private long dropped;

  public RequestBuffers(int count) {
    this.count = count;
  }

  /// Takes a datagram, or drops it.
  public void offer(LinkId link, Bytes datagram) {
    if (waiting.size() + serving >= count) {
      dropped++;
    } else {
      waiting.add(new Waiting(link, datagram));
    }
  }

  /// The next request to serve. It holds two buffers, its own and its answer's, until [#served];
  /// with a single buffer it answers in place.
  public Optional<Waiting> serve() {
    Optional<Waiting> next = Optional.ofNullable(waiting.poll());
    next.ifPresent(_ -> serving = Math.min(2, count));
    return next;
  }

  public void served() {
    serving = 0;
  }

  /// How many datagrams found no buffer.
  public long dropped() {
    return dropped;
  }
}
