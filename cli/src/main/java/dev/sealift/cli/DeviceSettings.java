// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.Settings;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The settings of a device: names of parts between slashes, and values of bytes.
@Command(
    name = "settings",
    description = "Read and change the settings of a device.",
    subcommands = {
      DeviceSettings.Get.class,
      DeviceSettings.Put.class,
      DeviceSettings.Delete.class,
      DeviceSettings.Commit.class,
      DeviceSettings.Load.class,
      DeviceSettings.Save.class
    })
final class DeviceSettings extends Noun {
  private static final String LABEL = "NAME";
  private static final String DESCRIPTION = "its name, such as bt/name";

  /// What the commands of this group have in common: one request without an answer of its own.
  private static Outcome done(
      To to, Request<Reply.Nothing> request, String what, String said, CborMap.Builder json) {
    return DeviceCommand.talk(
        to,
        client -> {
          DeviceCommand.ask(client, request, what);
          return Outcome.done(said, json.put("target", client.target()).build());
        });
  }

  /// Reads one.
  @Command(
      name = "get",
      description = "Read a setting: as text where it is text, else in hex.",
      footer = {
        "",
        "Example: sealift device settings get bt/name",
        "           --to udp://192.0.2.7"
      })
  static final class Get extends Verb {
    @Mixin private To to = new To();

    @Parameters(paramLabel = LABEL, description = DESCRIPTION)
    private @Nullable String name;

    @Option(names = "--hex", description = "in hex, even if it is text")
    private boolean hex;

    @Option(
        names = "--file",
        paramLabel = "FILE",
        description = "write the bytes to a new file instead")
    private @Nullable Path file;

    Get(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      String setting = Given.required(name);
      Path target = file;
      if (target != null && java.nio.file.Files.exists(target)) {
        throw Failure.refused("not written: %s exists already".formatted(target));
      }
      return DeviceCommand.talk(
          to,
          client -> {
            Bytes value =
                DeviceCommand.ask(
                        client, new Settings.Read(setting, Optional.empty()), "tell " + setting)
                    .value();
            Optional<String> text = text(value);
            CborMap.Builder json =
                CborMap.builder()
                    .put("target", client.target())
                    .put("name", setting)
                    .put("hex", value.toHex());
            text.ifPresent(readable -> json.put("text", readable));
            if (target != null) {
              Files.write(target, value);
              return Outcome.done("%s: %d bytes".formatted(target, value.size()), json.build());
            }
            return Outcome.done(hex ? value.toHex() : text.orElseGet(value::toHex), json.build());
          });
    }

    /// Only what a terminal shows as it is.
    private static Optional<String> text(Bytes value) {
      try {
        String text =
            StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value.toArray())).toString();
        return DeviceWords.line(text).equals(text) ? Optional.of(text) : Optional.empty();
      } catch (CharacterCodingException _) {
        return Optional.empty();
      }
    }
  }

  /// Changes one.
  @Command(
      name = "set",
      description = "Change a setting, until the next restart: see save.",
      footer = {
        "",
        "Example: sealift device settings set bt/name lamp",
        "           --to udp://192.0.2.7",
        "         sealift device settings set app/interval",
        "           --hex 3c000000 --to udp://192.0.2.7"
      })
  static final class Put extends Verb {
    private static final int VALUE_MAX = 32 * 1024;

    @Mixin private To to = new To();

    @Parameters(index = "0", paramLabel = LABEL, description = DESCRIPTION)
    private @Nullable String name;

    @Parameters(
        index = "1",
        arity = "0..1",
        paramLabel = "VALUE",
        description = "the value, as text")
    private @Nullable String value;

    @Option(names = "--hex", paramLabel = "HEX", description = "the value, in hex")
    private @Nullable String hex;

    @Option(names = "--file", paramLabel = "FILE", description = "the value, all of a file")
    private @Nullable Path file;

    Put(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      String setting = Given.required(name);
      Bytes wanted = wanted();
      return done(
          to,
          new Settings.Write(setting, wanted),
          "set " + setting,
          "%s is set, %d bytes".formatted(setting, wanted.size()),
          CborMap.builder().put("name", setting).put("hex", wanted.toHex()));
    }

    private Bytes wanted() {
      int given = (value == null ? 0 : 1) + (hex == null ? 0 : 1) + (file == null ? 0 : 1);
      if (given != 1) {
        throw Failure.usage("give one value: VALUE, --hex HEX or --file FILE");
      }
      Bytes wanted =
          value != null
              ? Bytes.ofUtf8(value)
              : hex != null ? Hex.parse("--hex", hex) : Files.read(Given.required(file));
      if (wanted.size() > VALUE_MAX) {
        throw Failure.usage(
            "no setting has %d bytes, at most %d are sent".formatted(wanted.size(), VALUE_MAX));
      }
      return wanted;
    }
  }

  /// Forgets one.
  @Command(
      name = "delete",
      description = "Delete a setting.",
      footer = {
        "",
        "Example: sealift device settings delete bt/name",
        "           --to udp://192.0.2.7"
      })
  static final class Delete extends Verb {
    @Mixin private To to = new To();

    @Parameters(paramLabel = LABEL, description = DESCRIPTION)
    private @Nullable String name;

    Delete(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      String setting = Given.required(name);
      return done(
          to,
          new Settings.Delete(setting),
          "delete " + setting,
          setting + " is deleted",
          CborMap.builder().put("name", setting));
    }
  }

  /// Makes changes count.
  @Command(
      name = "commit",
      description = "Have a device apply what was set.",
      footer = {"", "Example: sealift device settings commit", "           --to udp://192.0.2.7"})
  static final class Commit extends Verb {
    @Mixin private To to = new To();

    Commit(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return done(
          to,
          new Settings.Commit(),
          "apply its settings",
          "the settings are applied",
          CborMap.builder().put("committed", true));
    }
  }

  /// Takes back what was not saved.
  @Command(
      name = "load",
      description = "Have a device read its saved settings again.",
      footer = {"", "Example: sealift device settings load", "           --to udp://192.0.2.7"})
  static final class Load extends Verb {
    @Mixin private To to = new To();

    Load(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return done(
          to,
          new Settings.Load(),
          "load its settings",
          "the saved settings are loaded",
          CborMap.builder().put("loaded", true));
    }
  }

  /// Keeps what is set over the next restart.
  @Command(
      name = "save",
      description = "Have a device save its settings, all or a part.",
      footer = {"", "Example: sealift device settings save", "           --to udp://192.0.2.7"})
  static final class Save extends Verb {
    @Mixin private To to = new To();

    @Parameters(
        arity = "0..1",
        paramLabel = LABEL,
        description = "only this one, or what is below it (newer devices)")
    private @Nullable String name;

    Save(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      return done(
          to,
          new Settings.Save(Optional.ofNullable(name)),
          "save its settings",
          "the settings are saved",
          CborMap.builder().put("saved", true));
    }
  }
}
