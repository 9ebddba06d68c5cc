// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// The network buffers of a server. Requests wait in them, the one being served keeps its own and
/// takes a second one for its answer. One buffer is therefore kept free of requests; what finds no
/// other is dropped in silence, as on a device. With a single buffer a request is answered in
// place.
public final class RequestBuffers {
  /// A request that waits, and the link its answer goes to.
  public record Waiting(LinkId link, Bytes datagram) {}

  private final int requestsMax;
  private final Deque<Waiting> waiting = new ArrayDeque<>();
  private int serving;
  private long dropped;

  public RequestBuffers(int count) {
    this.requestsMax = Math.max(1, count - 1);
  }

  /// Takes a datagram, or drops it.
  public void offer(LinkId link, Bytes datagram) {
    if (waiting.size() + serving >= requestsMax) {
      dropped++;
    } else {
      waiting.add(new Waiting(link, datagram));
    }
  }

  /// The next request to serve. It holds its buffer until [#served].
  public Optional<Waiting> serve() {
    Optional<Waiting> next = Optional.ofNullable(waiting.poll());
    next.ifPresent(_ -> serving = 1);
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
