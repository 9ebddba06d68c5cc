// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.DeviceId;
import dev.sealift.smp.Permits;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Asks a device for a number that it has never used.
@Command(
    name = "nonce",
    description = "Ask a device for a nonce, for a session permit or an answer with news.",
    footer = {"", "Example: sealift device nonce --to udp://192.0.2.7"})
final class DeviceNonce extends Verb {
  @Mixin private To to = new To();

  DeviceNonce(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    return DeviceCommand.talk(
        to,
        client -> {
          Optional<DeviceId> device =
              DeviceCommand.optional(client, new Permits.Info())
                  .flatMap(Permits.InfoReply::device)
                  .map(DeviceId::new);
          Permits.NonceReply reply =
              DeviceCommand.ask(client, new Permits.Nonce(), "give out a nonce");
          List<String> lines = new ArrayList<>();
          device.ifPresent(id -> lines.add("device  " + id));
          lines.add("nonce   " + reply.nonce().toHex());
          lines.add("valid   " + Times.words(reply.lifetime()));
          CborMap.Builder json = CborMap.builder().put("target", client.target());
          device.ifPresent(id -> json.put("device", id.toString()));
          return Outcome.done(
              lines,
              json.put("nonce", reply.nonce().toHex())
                  .put("seconds", reply.lifetime().toSeconds())
                  .build());
        });
  }
}
