// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.Wanted;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// Brings one device to a release, whatever state it is in.
@Command(
    name = "update",
    description = "Update a device: permit, image, trial boot, confirmation. Safe to repeat.",
    footer = {"", "Example: sealift device update app-1.1.0.sealift --to udp://192.0.2.7"})
final class DeviceUpdate extends Verb {
  @Mixin private To to = new To();

  @Option(names = "--trial", description = "stop once the image runs on trial; do not confirm it")
  private boolean trial;

  @Parameters(
      paramLabel = "FILE",
      description = "a release, or a bare image for a device without agent")
  private @Nullable Path file;

  DeviceUpdate(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    UpdateMaterial material = Releases.material(Given.required(file));
    return DeviceCommand.talk(
        to,
        client ->
            new UpdateTalk(console(), client, material)
                .until(trial ? Wanted.Ending.ON_TRIAL : Wanted.Ending.CONFIRMED));
  }
}
