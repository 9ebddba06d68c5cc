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

/// Brings devices to a release, whatever state they are in.
@Command(
    name = "update",
    description = "Update devices: permit, image, trial boot, confirmation. Safe to repeat.",
    footer = {
      "",
      "Example: sealift device update app-1.1.0.sealift --to udp://192.0.2.7",
      "         sealift device update dfu_application.zip -n --to ble://lamp"
    })
final class DeviceUpdate extends Verb {
  @Mixin private Targets targets = new Targets();

  @Option(
      names = {"-n", "--dry-run"},
      description = "only look at the device, and say what would be done")
  private boolean dryRun;

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
      description = "a release; or, for a device without agent, a DFU package or a bare image")
  private @Nullable Path file;

  DeviceUpdate(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    UpdateMaterial material = Releases.material(Given.required(file));
    Caution caution = caution(material);
    Wanted.Ending ending = trial ? Wanted.Ending.ON_TRIAL : Wanted.Ending.CONFIRMED;
    return targets.talk(
        console(),
        (client, prefix) -> {
          client.remarks().forEach(remark -> console().say(prefix + remark));
          UpdateTalk talk = new UpdateTalk(console(), client, material, caution, prefix);
          return dryRun ? talk.foretold(ending) : talk.until(ending);
        });
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
