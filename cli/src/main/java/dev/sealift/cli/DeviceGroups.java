// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Enumeration;
import dev.sealift.smp.Group;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/// Lists the groups of commands that a device has.
@Command(
    name = "groups",
    description = "List the groups of commands that a device has.",
    footer = {"", "Example: sealift device groups --to udp://192.0.2.7"})
final class DeviceGroups extends Verb {
  @Mixin private To to = new To();

  DeviceGroups(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    return DeviceCommand.talk(
        to,
        client -> {
          List<String> lines = new ArrayList<>();
          List<CborItem> json = new ArrayList<>();
          for (Enumeration.Detail detail : details(client)) {
            String name = name(detail);
            lines.add("%5d  %s".formatted(detail.group(), name));
            json.add(CborMap.builder().put("group", detail.group()).put("name", name).build());
          }
          return Outcome.done(
              lines,
              CborMap.builder()
                  .put("target", client.target())
                  .put("groups", new CborList(json))
                  .build());
        });
  }

  /// Names are an option of the device; the numbers alone will do.
  private static List<Enumeration.Detail> details(SmpClient client) throws IOException {
    Optional<Enumeration.DetailsReply> details =
        DeviceCommand.optional(client, new Enumeration.Details());
    if (details.isPresent()) {
      return details.get().groups();
    }
    return DeviceCommand.ask(client, new Enumeration.Numbers(), "list its groups").groups().stream()
        .map(number -> new Enumeration.Detail(number, Optional.empty(), Optional.empty()))
        .toList();
  }

  /// Its own name for it, else ours.
  private static String name(Enumeration.Detail detail) {
    return detail
        .name()
        .map(DeviceWords::line)
        .or(
            () ->
                detail.group() > 0xffff
                    ? Optional.empty()
                    : Group.ofNumber((int) detail.group()).map(Group::title))
        .orElse("a group of its maker");
  }
}
