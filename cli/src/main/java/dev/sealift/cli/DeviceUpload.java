// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.Wanted;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

/// Sends an image into a device's second slot and no more.
@Command(
    name = "upload",
    description = "Send an image into a device's second slot; nothing is marked or restarted.",
    footer = {"", "Example: sealift device upload app-1.1.0.sealift --to udp://192.0.2.7"})
final class DeviceUpload extends Verb {
  @Mixin private To to = new To();

  @Parameters(
      paramLabel = "FILE",
      description = "a release; or, for a device without agent, a DFU package or a bare image")
  private @Nullable Path file;

  DeviceUpload(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    UpdateMaterial material = Releases.material(Given.required(file));
    return DeviceCommand.talk(
        to, client -> new UpdateTalk(console(), client, material).until(Wanted.Ending.STAGED));
  }
}
