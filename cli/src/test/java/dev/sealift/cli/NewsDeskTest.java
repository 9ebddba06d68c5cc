// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Beacon;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.permit.Signed;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKeyPair;
import dev.sealift.suit.cose.CoseSigner;
import dev.sealift.suit.cose.KeyId;
import dev.sealift.testkit.HandClock;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The desk that gives out beacons, and the ledger that keeps its numbers.
class NewsDeskTest {
  private static final Instant START = Instant.ofEpochSecond(1_800_000_000L);
  private static final Bytes LAMP = Bytes.ofHex("0011223344556677");
  private static final Bytes NONCE = Bytes.filled(16, 7);

  @TempDir private Path folder;
  private final HandClock clock = new HandClock(START);
  private final CoseKeyPair key = CoseKeyPair.generate(CoseAlgorithm.ESP256, new SecureRandom());

  private NewsDesk desk(BeaconLedger ledger, NewsDesk.Floors floors, CoseSigner signer) {
    return new NewsDesk(ledger, List.of(signer), Duration.ofHours(1), floors, clock);
  }

  private NewsDesk desk(BeaconLedger ledger) {
    return desk(ledger, NewsDesk.Floors.ONLY_RISE, key);
  }

  private static NewsFile news(int floor, int latest) {
    TreeMap<Bytes, Beacon.Standing> classes = new TreeMap<>();
    classes.put(
        LAMP,
        new Beacon.Standing(
            new SequenceNumber(1, floor), new SequenceNumber(1, latest), Bytes.filled(8, 1)));
    return new NewsFile(classes, List.of());
  }

  private BeaconLedger.Entry onDisk() throws IOException {
    Path copy = Files.createTempDirectory(folder, "copy");
    Files.copy(folder.resolve("state.json"), copy.resolve("state.json"));
    try (BeaconLedger ledger = BeaconLedger.open(copy)) {
      return ledger.entry();
    }
  }

  @Test
  void numbers_rise_and_are_on_disk_before_anything_is_signed() throws Exception {
    try (BeaconLedger ledger = BeaconLedger.open(folder)) {
      CoseSigner watching =
          signing(() -> assertThat(onDisk().number()).isEqualTo(ledger.entry().number()));
      NewsDesk desk = desk(ledger, NewsDesk.Floors.ONLY_RISE, watching);
      assertThat(desk.newest()).isEmpty();
      assertThat(desk.answer(NONCE)).isEmpty();
      for (int i = 1; i <= 3; i++) {
        assertThat(desk.publish(news(1, 2), 4).content().number()).isEqualTo(i);
      }
      Beacon newest = desk.newest().orElseThrow().content();
      assertThat(newest.time()).isEqualTo(START.getEpochSecond());
      assertThat(newest.lifetime()).isEqualTo(3600);
      assertThat(newest.rootVersion()).isEqualTo(4);
    }
    try (BeaconLedger ledger = BeaconLedger.open(folder)) {
      assertThat(desk(ledger).publish(news(1, 2), 4).content().number()).isEqualTo(4);
    }
  }

  private interface Look {
    void now() throws Exception;
  }

  private CoseSigner signing(Look look) {
    return new CoseSigner() {
      @Override
      public KeyId keyId() {
        return key.keyId();
      }

      @Override
      public CoseAlgorithm algorithm() {
        return key.algorithm();
      }

      @Override
      public Bytes sign(Bytes toBeSigned) {
        try {
          look.now();
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        } catch (Exception e) {
          throw new AssertionError(e);
        }
        return key.sign(toBeSigned);
      }
    };
  }

  @Test
  void a_key_that_cannot_be_reached_costs_a_number_and_the_last_beacon_stays() throws Exception {
    boolean[] gone = {false};
    try (BeaconLedger ledger = BeaconLedger.open(folder)) {
      NewsDesk desk =
          desk(
              ledger,
              NewsDesk.Floors.ONLY_RISE,
              signing(
                  () -> {
                    if (gone[0]) {
                      throw new IOException("no card");
                    }
                  }));
      desk.publish(news(1, 2), 1);
      gone[0] = true;
      assertThatThrownBy(() -> desk.publish(news(2, 2), 1)).hasMessageContaining("no card");
      assertThat(desk.newest().orElseThrow().content().number()).isEqualTo(1);
      gone[0] = false;
      assertThat(desk.publish(news(2, 2), 1).content().number()).isEqualTo(3);
    }
  }

  @Test
  void an_answer_has_the_newest_number_the_time_of_now_and_the_nonce() throws Exception {
    try (BeaconLedger ledger = BeaconLedger.open(folder)) {
      NewsDesk desk = desk(ledger);
      Signed<Beacon> beacon = desk.publish(news(1, 2), 1);
      clock.advance(Duration.ofMinutes(5));
      Signed<Beacon> answer = desk.answer(NONCE).orElseThrow();
      assertThat(answer.content().nonce()).contains(NONCE);
      assertThat(answer.content().number()).isEqualTo(beacon.content().number());
      assertThat(answer.content().time()).isEqualTo(beacon.content().time() + 300);
      assertThat(answer.keyIds()).containsExactly(key.keyId());
      assertThat(desk.newest()).contains(beacon);
    }
  }

  @Test
  void time_never_runs_back_even_where_the_clock_does() throws Exception {
    InstantSource[] time = {clock};
    try (BeaconLedger ledger = BeaconLedger.open(folder)) {
      NewsDesk desk =
          new NewsDesk(
              ledger,
              List.of(key),
              Duration.ofHours(1),
              NewsDesk.Floors.ONLY_RISE,
              () -> time[0].instant());
      desk.publish(news(1, 2), 1);
      time[0] = InstantSource.fixed(START.minusSeconds(86_400));
      assertThat(desk.publish(news(1, 2), 1).content().time()).isEqualTo(START.getEpochSecond());
    }
  }

  @Test
  void a_floor_falls_only_by_a_word_of_its_own() throws Exception {
    try (BeaconLedger ledger = BeaconLedger.open(folder)) {
      NewsDesk desk = desk(ledger);
      desk.publish(news(2, 3), 1);
      assertThat(desk.fault(news(2, 4))).isEmpty();
      assertThat(desk.fault(news(1, 4)).orElseThrow())
          .contains("would fall from 1:2 to 1:1")
          .contains("--lower");
      assertThat(desk.fault(new NewsFile(new TreeMap<>(), List.of())).orElseThrow())
          .contains("is gone");
    }
    // Also after the process has ended.
    try (BeaconLedger ledger = BeaconLedger.open(folder)) {
      assertThat(desk(ledger).fault(news(1, 4))).isPresent();
      assertThat(desk(ledger, NewsDesk.Floors.MAY_FALL, key).fault(news(1, 4))).isEmpty();
    }
  }

  @Test
  void news_that_no_device_would_keep_are_not_given_out() throws Exception {
    TreeMap<Bytes, Beacon.Standing> classes = new TreeMap<>();
    for (int i = 0; i < 40; i++) {
      classes.put(Bytes.filled(8, i), news(1, 2).classes().get(LAMP));
    }
    try (BeaconLedger ledger = BeaconLedger.open(folder)) {
      assertThat(desk(ledger).fault(new NewsFile(classes, List.of())).orElseThrow())
          .contains("devices keep 1024");
      assertThat(desk(ledger).fault(news(1, 2))).isEmpty();
      CoseKeyPair large = CoseKeyPair.generate(CoseAlgorithm.ML_DSA_44, new SecureRandom());
      assertThat(desk(ledger, NewsDesk.Floors.ONLY_RISE, large).fault(news(1, 2))).isPresent();
    }
  }

  @Test
  void one_process_at_a_time_holds_the_folder() throws Exception {
    try (BeaconLedger _ = BeaconLedger.open(folder)) {
      assertThatThrownBy(() -> BeaconLedger.open(folder))
          .isInstanceOf(Failure.class)
          .hasMessageContaining("another process serves beacons");
    }
    BeaconLedger.open(folder).close();
  }

  @Test
  void a_damaged_ledger_is_refused_and_never_begun_anew() throws Exception {
    Path state = folder.resolve("state.json");
    for (String damaged :
        List.of("", "{", "{\"number\":7}", "{\"number\":7,\"time\":1,\"floors\":{\"x\":\"1\"}}")) {
      Files.writeString(state, damaged);
      assertThatThrownBy(() -> BeaconLedger.open(folder))
          .as(damaged)
          .isInstanceOf(Failure.class)
          .hasMessageContaining("state.json");
      assertThat(Files.readString(state)).isEqualTo(damaged);
    }
  }

  @Test
  void a_throttle_lets_a_burst_through_and_then_so_many_a_minute() {
    long[] nanos = {0};
    Throttle throttle = new Throttle(60, 3, () -> nanos[0]);
    for (int i = 0; i < 3; i++) {
      assertThat(throttle.take()).isEmpty();
    }
    assertThat(throttle.take()).contains(Duration.ofSeconds(1));
    nanos[0] += Duration.ofMillis(400).toNanos();
    assertThat(throttle.take()).contains(Duration.ofMillis(600));
    nanos[0] += Duration.ofMillis(600).toNanos();
    assertThat(throttle.take()).isEmpty();
    assertThat(throttle.take()).isPresent();
    nanos[0] += Duration.ofHours(1).toNanos();
    for (int i = 0; i < 3; i++) {
      assertThat(throttle.take()).isEmpty();
    }
    assertThat(throttle.take()).isPresent();
  }
}
