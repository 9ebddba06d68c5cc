// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.RequestBuffers;
import java.io.Closeable;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/// A server's buffers and the one thread that serves what waits in them, so that a burst drops what
/// a real server would drop.
final class ServerLoop implements Closeable {
  /// Where the answers to a request go.
  @FunctionalInterface
  interface WayBack {
    void send(Bytes answer);
  }

  /// Ways back that are remembered; one more and the one that asked longest ago is forgotten. Far
  /// more than any number of buffers, so none is forgotten while its request waits.
  private static final int WAYS_MAX = 1024;

  private final MemoryLink.Server server;
  private final Thread serving;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final RequestBuffers buffers;
  private final Map<LinkId, WayBack> ways = new LinkedHashMap<>();
  private boolean closed;

  /// A request, and where its answers go.
  private record Asked(RequestBuffers.Waiting request, WayBack way) {}

  ServerLoop(String name, MemoryLink.Server server, int bufferCount) {
    this.server = server;
    this.buffers = new RequestBuffers(bufferCount);
    this.serving = Thread.ofVirtual().name(name).unstarted(this::serve);
  }

  void start() {
    serving.start();
  }

  /// Takes a request into a buffer, or drops it.
  void offer(LinkId link, Bytes datagram, WayBack way) {
    lock.lock();
    try {
      long dropped = buffers.dropped();
      buffers.offer(link, datagram);
      if (buffers.dropped() == dropped) {
        remember(link, way);
        arrived.signal();
      }
    } finally {
      lock.unlock();
    }
  }

  long dropped() {
    lock.lock();
    try {
      return buffers.dropped();
    } finally {
      lock.unlock();
    }
  }

  private void remember(LinkId link, WayBack way) {
    ways.remove(link);
    ways.put(link, way);
    if (ways.size() > WAYS_MAX) {
      ways.remove(ways.keySet().iterator().next());
    }
  }

  private void serve() {
    while (true) {
      Optional<Asked> next = await();
      if (next.isEmpty()) {
        return;
      }
      Asked asked = next.get();
      List<Bytes> answers = answers(asked.request());
      lock.lock();
      try {
        buffers.served();
      } finally {
        lock.unlock();
      }
      answers.forEach(asked.way()::send);
    }
  }

  /// The outermost loop of a device: a mistake of ours is reported, costs this one answer, and the
  /// next request is served.
  private List<Bytes> answers(RequestBuffers.Waiting request) {
    try {
      return server.receive(request.link(), request.datagram());
    } catch (RuntimeException mistake) {
      Thread thread = Thread.currentThread();
      thread.getUncaughtExceptionHandler().uncaughtException(thread, mistake);
      return List.of();
    }
  }

  /// Empty once the loop is closed.
  private Optional<Asked> await() {
    lock.lock();
    try {
      while (!closed) {
        Optional<RequestBuffers.Waiting> next = buffers.serve();
        if (next.isPresent()) {
          return next.map(this::asked);
        }
        arrived.await();
      }
      return Optional.empty();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    } finally {
      lock.unlock();
    }
  }

  private Asked asked(RequestBuffers.Waiting request) {
    WayBack way = ways.get(request.link());
    if (way == null) {
      throw new IllegalStateException("a request from nowhere: " + request.link());
    }
    return new Asked(request, way);
  }

  /// Waits for the request that is being served, unless it is that one which closes.
  @Override
  public void close() {
    lock.lock();
    try {
      closed = true;
      arrived.signalAll();
    } finally {
      lock.unlock();
    }
    if (Thread.currentThread() == serving) {
      return;
    }
    try {
      serving.join();
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
