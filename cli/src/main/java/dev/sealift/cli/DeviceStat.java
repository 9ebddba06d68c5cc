// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.smp.Statistics;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Shows what a device counts.
@Command(
    name = "stat",
    description = "List the groups of figures that a device counts, or show one.",
    footer = {
      "",
      "Example: sealift device stat --to udp://192.0.2.7",
      "         sealift device stat smp_svr_stats",
      "           --to udp://192.0.2.7"
    })
final class DeviceStat extends Verb {
  @Mixin private To to = new To();

  @Parameters(
      arity = "0..1",
      paramLabel = "GROUP",
      description = "the group whose figures to show; a list of groups unless told")
  private @Nullable String group;

  DeviceStat(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    String one = group;
    return DeviceCommand.talk(to, client -> one == null ? listed(client) : shown(client, one));
  }

  private static Outcome listed(SmpClient client) throws IOException {
    List<String> names =
        DeviceCommand.ask(client, new Statistics.Names(), "list its figures").names().stream()
            .map(DeviceWords::line)
            .toList();
    return Outcome.done(
        names.isEmpty() ? List.of("it counts nothing") : names,
        CborMap.builder()
            .put("target", client.target())
            .put("groups", new CborList(names.stream().<CborItem>map(CborText::new).toList()))
            .build());
  }

  private static Outcome shown(SmpClient client, String one) throws IOException {
    List<String> lines = new ArrayList<>();
    CborMap.Builder figures = CborMap.builder();
    DeviceCommand.ask(client, new Statistics.Read(one), "show the figures of " + one)
        .figures()
        .forEach(
            (name, figure) -> {
              lines.add("%-24s %d".formatted(DeviceWords.line(name), figure));
              figures.put(DeviceWords.line(name), figure);
            });
    return Outcome.done(
        lines.isEmpty() ? List.of(one + " counts nothing") : lines,
        CborMap.builder()
            .put("target", client.target())
            .put("group", one)
            .put("figures", figures.build())
            .build());
  }
}
