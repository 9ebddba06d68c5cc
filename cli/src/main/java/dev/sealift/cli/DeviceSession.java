// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.Action;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.SessionCheck;
import dev.sealift.smp.Permits;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.SmpClient;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Brings a session permit to its device.
@Command(
    name = "session",
    description = "Bring a session permit to its device, which says what it grants.",
    footer = {"", "Example: sealift device session session.bin --to udp://192.0.2.7"})
final class DeviceSession extends Verb {
  @Mixin private To to = new To();

  @Parameters(paramLabel = "FILE", description = "what 'sealift trust session' has made")
  private @Nullable Path file;

  DeviceSession(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Path source = Given.required(file);
    Bytes message = Files.read(source);
    if (message.size() > SessionCheck.BYTES_MAX) {
      throw Failure.refused(
          "%s has %d bytes, no session permit has more than %d"
              .formatted(source, message.size(), SessionCheck.BYTES_MAX));
    }
    return DeviceCommand.talk(
        to,
        client ->
            outcome(
                client,
                client.upload(
                    new ChunkedContent.SessionPermit(message), client.frame(), (_, _) -> {})));
  }

  private static Outcome outcome(SmpClient client, SmpClient.Delivery delivery) {
    return switch (delivery) {
      case SmpClient.Delivery.Delivered(Permits.SessionReply reply)
          when reply.refusal().orElse(0L) != 0 ->
          throw refused(client, reply);
      case SmpClient.Delivery.Delivered(Permits.SessionReply reply) -> granted(client, reply);
      case SmpClient.Delivery.Refused(var refusal) ->
          throw Failure.refused(
              "%s refuses the session permit: %s"
                  .formatted(client.target(), DeviceCommand.words(refusal.reason())));
      case SmpClient.Delivery.Delivered _, SmpClient.Delivery.Stuck _ ->
          throw Failure.refused(client.target() + " answers, but not about the session permit");
    };
  }

  private static Failure refused(SmpClient client, Permits.SessionReply reply) {
    Optional<Refusal> refusal = Refusal.ofNumber(Math.clamp(reply.refusal().orElse(0L), 0, 0xffff));
    return Failure.refused(
            "%s refuses the session permit: %s, %s"
                .formatted(
                    client.target(),
                    refusal.map(Refusal::toString).orElse("R" + reply.refusal().orElse(0L)),
                    reply.reason().or(() -> refusal.map(Refusal::code)).orElse("no reason given")))
        .hint(refusal.map(Remedies::of).orElse(""));
  }

  private static Outcome granted(SmpClient client, Permits.SessionReply reply) {
    Set<Action> actions = reply.grant().flatMap(Action::ofBits).orElse(Set.of());
    List<String> names = actions.stream().sorted().map(Action::toString).toList();
    String time = reply.lifetime().map(Times::words).orElse("a while");
    return Outcome.done(
        "%s grants %s for %s".formatted(client.target(), String.join(", ", names), time),
        CborMap.builder()
            .put("target", client.target())
            .put("granted", new CborList(names.stream().<CborItem>map(CborText::new).toList()))
            .put("seconds", reply.lifetime().map(java.time.Duration::toSeconds).orElse(0L))
            .build());
  }
}
