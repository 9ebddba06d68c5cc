// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Basic;
import dev.sealift.smp.Images;
import dev.sealift.smp.Patience;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Erases an image.
@Command(
    name = "erase",
    description = "Erase the image in a device's second slot, or in another.",
    footer = {
      "",
      "A whole slot takes seconds, on slow flash more than",
      "half a minute.",
      "Example: sealift device erase --to udp://192.0.2.7"
    })
final class DeviceErase extends Verb {
  private static final int SLOT_MAX = 255;

  @Mixin private To to = new To();

  @Option(
      names = "--slot",
      paramLabel = "N",
      description = "the slot by its number, as the device counts them; 1 unless told")
  private @Nullable String slot;

  DeviceErase(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Optional<Long> which =
        Optional.ofNullable(slot).map(text -> Numbers.parse("--slot", text, 0, SLOT_MAX));
    String words = "slot " + which.orElse(1L);
    return DeviceCommand.talk(
        to,
        client -> {
          announce(console(), words);
          DeviceCommand.ask(client, new Images.Erase(which), "erase " + words);
          return Outcome.done(
              words + " is erased",
              CborMap.builder()
                  .put("target", client.target())
                  .put("slot", which.orElse(1L))
                  .put("erased", true)
                  .build());
        });
  }

  private static void announce(Console console, String what) {
    console.say(
        "  erases %s, which may take up to %d s"
            .formatted(what, Patience.ERASE.work().toSeconds()));
  }

  /// Erases all that a device keeps beside its images.
  @Command(
      name = "erase-storage",
      description = "Erase all that a device keeps beside its images: settings, bonds, keys.",
      footer = {
        "",
        "Example: sealift device erase-storage --yes",
        "           --to udp://192.0.2.7"
      })
  static final class Storage extends Verb {
    @Mixin private To to = new To();

    @Option(names = "--yes", description = "yes, erase it")
    private boolean yes;

    Storage(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      if (!yes) {
        throw Failure.usage(
            "settings, bonds and keys would be gone for good: say --yes if that is meant");
      }
      return DeviceCommand.talk(
          to,
          client -> {
            announce(console(), "the storage");
            DeviceCommand.ask(client, new Basic.EraseStorage(), "erase its storage");
            return Outcome.done(
                "the storage is erased; what runs may still remember until it restarts",
                CborMap.builder().put("target", client.target()).put("erased", true).build());
          });
    }
  }
}
