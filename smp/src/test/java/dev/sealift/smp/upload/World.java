// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.upload;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.SmpMessage;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.RequestBuffers;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.testkit.Weather;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PriorityQueue;

/// A link with a latency each way, weather, and a server that takes its time.
final class World {
  private final PriorityQueue<Event> events = new PriorityQueue<>();
  private final SmpServer server;
  final RequestBuffers buffers;
  private final Weather weather;
  private final long latency;
  private final long service;
  final Upload upload;
  private final Map<Integer, Request<? extends Reply>> asked = new HashMap<>();
  long now;
  private long order;
  int sent;
  int outMax;
  private boolean busy;
  Optional<Upload.Action> end = Optional.empty();

  private record Event(long at, long order, Runnable what) implements Comparable<Event> {
    @Override
    public int compareTo(Event other) {
      return at != other.at ? Long.compare(at, other.at) : Long.compare(order, other.order);
    }
  }

  World(SmpServer server, Upload upload, Weather weather, long latency, long service) {
    this.server = server;
    this.buffers = new RequestBuffers(server.setup().bufferCount());
    this.upload = upload;
    this.weather = weather;
    this.latency = latency;
    this.service = service;
  }

  void run() {
    act(upload.start(now));
    int steps = 0;
    while (end.isEmpty() && !events.isEmpty()) {
      assertThat(++steps).as("bounded steps").isLessThan(500_000);
      Event next = events.poll();
      now = next.at();
      next.what().run();
    }
  }

  void at(long when, Runnable what) {
    events.add(new Event(when, order++, what));
  }

  private void act(List<Upload.Action> actions) {
    for (Upload.Action action : actions) {
      switch (action) {
        case Upload.Action.Send(var token, var request) -> {
          sent++;
          asked.put(token, request);
          outMax = Math.max(outMax, asked.size());
          Bytes packet = SmpMessage.request(request, SmpMessage.Version.V2, token & 0xff).write();
          assertThat(packet.size()).isLessThanOrEqualTo(server.setup().bufferSize());
          deliver(() -> arrive(token, packet));
        }
        case Upload.Action.WakeAt(var when) ->
            at(Math.max(when, now + 1), () -> act(upload.tick(now)));
        case Upload.Action.Finished _, Upload.Action.Failed _ -> end = Optional.of(action);
      }
    }
  }

  private void deliver(Runnable arrival) {
    switch (weather.next()) {
      case ARRIVES -> at(now + latency, arrival);
      case LOST -> {}
      case TWICE -> {
        at(now + latency, arrival);
        at(now + latency + 1, arrival);
      }
      case LATE -> at(now + 3 * latency, arrival);
    }
  }

  private void arrive(int token, Bytes packet) {
    buffers.offer(new LinkId(Integer.toString(token)), packet);
    serveNext();
  }

  private void serveNext() {
    if (busy) {
      return;
    }
    buffers
        .serve()
        .ifPresent(
            waiting -> {
              busy = true;
              at(
                  now + service,
                  () -> {
                    List<Bytes> answers = server.receive(waiting.link(), waiting.datagram());
                    buffers.served();
                    busy = false;
                    int token = Integer.parseInt(waiting.link().value());
                    answers.forEach(answer -> deliver(() -> answered(token, answer)));
                    serveNext();
                  });
            });
  }

  private void answered(int token, Bytes packet) {
    Request<? extends Reply> request = asked.get(token);
    if (request == null) {
      return;
    }
    asked.remove(token);
    try {
      act(upload.answered(token, read(request, packet), now));
    } catch (MalformedException e) {
      throw new AssertionError(e);
    }
  }

  private static <R extends Reply> Answer<R> read(Request<R> request, Bytes packet)
      throws MalformedException {
    return Answer.read(request, SmpMessage.read(packet).fields());
  }
}
