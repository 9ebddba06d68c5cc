// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.SequenceNumber;
import dev.sealift.smp.Permits;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists what a device could pass on.
@Command(
    name = "have",
    description = "List the releases that a device can pass on to others.",
    footer = {"", "Example: sealift device have --to udp://192.0.2.7"})
final class DeviceHave extends Verb {
  @Mixin private To to = new To();

  DeviceHave(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    return DeviceCommand.talk(
        to,
        client ->
            listed(DeviceCommand.ask(client, new Permits.Have(), "say what it has").releases()));
  }

  private static Outcome listed(List<Permits.Held> releases) {
    List<String> lines = new ArrayList<>();
    List<CborItem> json = new ArrayList<>();
    for (Permits.Held held : releases) {
      String sequence = sequence(held);
      lines.add(
          "release %s…  sequence %s, %d bytes, %s"
              .formatted(
                  held.digest().toHex(),
                  sequence,
                  held.size(),
                  held.beacon() == 0 ? "no beacon" : "beacon " + held.beacon()));
      json.add(
          CborMap.builder()
              .put("digest", held.digest().toHex())
              .put("sequence", sequence)
              .put("size", held.size())
              .put("beacon", held.beacon())
              .build());
    }
    if (lines.isEmpty()) {
      lines.add("nothing: what it runs came without a permit, or it may not pass it on");
    }
    return Outcome.done(lines, CborMap.builder().put("have", new CborList(json)).build());
  }

  /// A number of more than 64 bits is the device's own nonsense, shown as it is.
  private static String sequence(Permits.Held held) {
    return held.sequence().bitLength() <= 64
        ? SequenceNumber.of(held.sequence()).toString()
        : held.sequence().toString();
  }
}
