// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Os;
import java.io.IOException;
import java.util.Optional;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Restarts a device. Asked once only: a second reset would take back an image on trial.
@Command(
    name = "reset",
    description = "Restart a device into its bootloader.",
    footer = {"", "Example: sealift device reset --to udp://192.0.2.7"})
final class DeviceReset extends Verb {
  private static final long TO_BOOTLOADER = 1;

  @Mixin private To to = new To();

  @Option(names = "--force", description = "even if something on the device is against it")
  private boolean force;

  @Option(
      names = "--bootloader",
      description = "have the bootloader wait there (its recovery), if it has one")
  private boolean bootloader;

  DeviceReset(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Os.Reset request =
        new Os.Reset(
            force ? Optional.of(new CborBool(true)) : Optional.empty(),
            bootloader ? Optional.of(TO_BOOTLOADER) : Optional.empty());
    return DeviceCommand.talk(
        to,
        client -> {
          try {
            DeviceCommand.ask(client, request, "restart");
          } catch (IOException e) {
            // Its fault or not: a device may be gone before its answer is.
            throw Failure.world(Files.reason(e) + ", so perhaps it restarts and perhaps not")
                .hint("look whether it restarted, 'sealift device images', before asking again");
          }
          return Outcome.done(
              client.target() + (bootloader ? " restarts into its bootloader" : " restarts"),
              CborMap.builder().put("target", client.target()).put("reset", true).build());
        });
  }
}
