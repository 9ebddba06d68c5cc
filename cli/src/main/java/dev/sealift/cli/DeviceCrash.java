// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Crash;
import dev.sealift.smp.Os;
import dev.sealift.transport.DeviceSilentException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Crashes a device on purpose, to see what it does then.
@Command(
    name = "crash",
    description = "Crash a device of Mynewt on purpose, to see what it does then.",
    footer = {"", "Example: sealift device crash assert --yes", "           --to udp://192.0.2.7"})
final class DeviceCrash extends Verb {
  @Mixin private To to = new To();

  @Parameters(paramLabel = "WAY", description = "div0, jump0, ref0, assert or wdog")
  private @Nullable String way;

  @Option(names = "--yes", description = "yes, crash it")
  private boolean yes;

  DeviceCrash(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    String how = Given.required(way);
    if (!yes) {
      throw Failure.usage("a crash is not taken back: say --yes if it is meant");
    }
    return DeviceCommand.talk(
        to,
        client -> {
          // So that silence afterwards tells something.
          client.call(new Os.Echo(Optional.of("")));
          String said;
          try {
            DeviceCommand.ask(client, new Crash.Trigger(how), "crash by " + how);
            said = "%s says that it crashes; look whether it restarts";
          } catch (DeviceSilentException _) {
            said = "%s is silent, as a device is that has crashed; look whether it restarts";
          }
          return Outcome.done(
              said.formatted(client.target()),
              CborMap.builder().put("target", client.target()).put("crash", how).build());
        });
  }
}
