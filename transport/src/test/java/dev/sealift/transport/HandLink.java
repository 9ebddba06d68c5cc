// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;

/// A link with a clock of its own, which moves only while the link is waited on: waiting for an
/// hour takes no time.
final class HandLink implements Link, LongSupplier {
  /// In which order answers that wait are received.
  enum Order {
    AS_SENT,
    NEWEST_FIRST
  }

  private final Function<Bytes, List<Bytes>> device;
  private final Order order;
  private final Deque<Bytes> answers = new ArrayDeque<>();
  private final List<Bytes> sent = new ArrayList<>();
  private long nanos;

  /// `device` says what comes back for a packet.
  HandLink(Function<Bytes, List<Bytes>> device, Order order) {
    this.device = device;
    this.order = order;
  }

  HandLink(Function<Bytes, List<Bytes>> device) {
    this(device, Order.AS_SENT);
  }

  Function<Bytes, List<Bytes>> device() {
    return device;
  }

  List<Bytes> sent() {
    return sent;
  }

  Duration waited() {
    return Duration.ofNanos(nanos);
  }

  @Override
  public long getAsLong() {
    return nanos;
  }

  @Override
  public String target() {
    return "hand://device";
  }

  @Override
  public int packetMax() {
    return 1500;
  }

  @Override
  public void send(Bytes packet) {
    sent.add(packet);
    answers.addAll(device.apply(packet));
  }

  @Override
  public Optional<Bytes> receive(Duration patience) {
    if (patience.isNegative() || patience.isZero() || patience.compareTo(Duration.ofHours(1)) > 0) {
      throw new AssertionError("nobody waits for " + patience);
    }
    if (answers.isEmpty()) {
      nanos += patience.toNanos();
      return Optional.empty();
    }
    // So that an endless stream of packets takes time.
    nanos += 1_000_000;
    return Optional.of(
        switch (order) {
          case AS_SENT -> answers.removeFirst();
          case NEWEST_FIRST -> answers.removeLast();
        });
  }

  @Override
  public void close() {
    answers.clear();
  }
}
