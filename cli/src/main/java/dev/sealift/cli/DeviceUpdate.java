// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.update.Caution;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.Wanted;
import java.nio.file.Path;
import java.util.OptionalLong;
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

  @Option(
      names = "--profile",
      paramLabel = "NAME|FILE",
      defaultValue = "",
      description = "what the device is: the update is warned of the faults of its bootloader")
  private String profile = "";

  @Option(
      names = "--installed",
      paramLabel = "FILE",
      description = "the image that runs there, whose size matters to some of them")
  private @Nullable Path installed;

  @Option(
      names = "--despite-danger",
      description = "go on where the bootloader would foreseeably die of the image")
  private boolean despiteDanger;

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
    Caution caution = caution(material);
    return DeviceCommand.talk(
        to,
        client ->
            new UpdateTalk(console(), client, material, caution)
                .until(trial ? Wanted.Ending.ON_TRIAL : Wanted.Ending.CONFIRMED));
  }

  private Caution caution(UpdateMaterial material) {
    if (profile.isEmpty()) {
      if (installed != null || despiteDanger) {
        throw Failure.usage("--installed and --despite-danger are for --profile");
      }
      return Caution.NONE;
    }
    OptionalLong running =
        installed == null
            ? OptionalLong.empty()
            : OptionalLong.of(Files.readImage(installed).size());
    Caution caution = Caution.of(Profiles.read(profile).boot(), material, running);
    return despiteDanger ? caution.overruled() : caution;
  }
}
