// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Os;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.temporal.ChronoUnit;
import java.time.temporal.TemporalAccessor;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Reads or sets the clock of a device. Zephyr's has no zone and drops one that is sent; so a time
/// with a zone, and ours, is sent as UTC.
@Command(
    name = "datetime",
    description = "Read the clock of a device, or set it.",
    footer = {"", "Example: sealift device datetime --set now", "           --to udp://192.0.2.7"})
final class DeviceDatetime extends Verb {
  private static final DateTimeFormatter SENT =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss", Locale.ROOT);
  private static final DateTimeFormatter GIVEN =
      DateTimeFormatter.ofPattern("uuuu-MM-dd'T'HH:mm:ss[XXX]", Locale.ROOT);

  @Mixin private To to = new To();

  @Option(
      names = "--set",
      paramLabel = "now|TIME",
      description =
          "set it: now is this machine's time in UTC, TIME is 2026-11-21T08:30:00, sent as it is,"
              + " or with Z or +01:00 behind, sent as UTC")
  private @Nullable String time;

  private final InstantSource clock = InstantSource.system();

  DeviceDatetime(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    if (time == null) {
      return DeviceCommand.talk(
          to,
          client -> {
            String told =
                DeviceWords.line(
                    DeviceCommand.ask(client, new Os.Datetime(), "tell the time").datetime());
            return Outcome.done(
                told,
                CborMap.builder().put("target", client.target()).put("datetime", told).build());
          });
    }
    String wanted = wanted(time, clock.instant());
    return DeviceCommand.talk(
        to,
        client -> {
          DeviceCommand.ask(client, new Os.SetDatetime(wanted), "set its clock");
          return Outcome.done(
              "the clock is set to " + wanted,
              CborMap.builder().put("target", client.target()).put("datetime", wanted).build());
        });
  }

  /// What is sent for what was typed.
  static String wanted(String typed, Instant now) {
    if (typed.equals("now")) {
      return SENT.format(now.truncatedTo(ChronoUnit.SECONDS).atOffset(ZoneOffset.UTC));
    }
    try {
      TemporalAccessor parsed =
          GIVEN.parseBest(
              typed.toUpperCase(Locale.ROOT), OffsetDateTime::from, LocalDateTime::from);
      return SENT.format(
          parsed instanceof OffsetDateTime zoned
              ? zoned.withOffsetSameInstant(ZoneOffset.UTC)
              : parsed);
    } catch (DateTimeException _) {
      throw Failure.usage(
          "--set must be now or like 2026-11-21T08:30:00, is '%s'".formatted(typed));
    }
  }
}
