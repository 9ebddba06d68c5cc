// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Files;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// The files of a device, under absolute names.
@Command(
    name = "files",
    description = "Bring files to a device, fetch them, look at them.",
    subcommands = {
      DeviceFilesGet.class,
      DeviceFilesPut.class,
      DeviceFiles.Stat.class,
      DeviceFiles.Hash.class
    })
final class DeviceFiles extends Noun {
  static final String NAME_LABEL = "NAME";
  static final String NAME_DESCRIPTION = "its name on the device, such as /lfs1/log.txt";

  /// Says how long a file is.
  @Command(
      name = "stat",
      description = "Say how long a file on a device is.",
      footer = {
        "",
        "Example: sealift device files stat /lfs1/log.txt",
        "           --to udp://192.0.2.7"
      })
  static final class Stat extends Verb {
    @Mixin private To to = new To();

    @Parameters(paramLabel = NAME_LABEL, description = NAME_DESCRIPTION)
    private @Nullable String name;

    Stat(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      String file = Given.required(name);
      return DeviceCommand.talk(
          to,
          client -> {
            long size =
                DeviceCommand.ask(client, new Files.Status(file), "look at " + file).length();
            return Outcome.done(
                "%s  %d bytes".formatted(file, size),
                CborMap.builder()
                    .put("target", client.target())
                    .put("name", file)
                    .put("size", size)
                    .build());
          });
    }
  }

  /// Has the device calculate a checksum.
  @Command(
      name = "hash",
      description = "Have a device hash a file, or a part of it.",
      footer = {
        "",
        "Example: sealift device files hash /lfs1/log.txt",
        "           --type sha256 --to udp://192.0.2.7"
      })
  static final class Hash extends Verb {
    @Mixin private To to = new To();

    @Parameters(arity = "0..1", paramLabel = NAME_LABEL, description = NAME_DESCRIPTION)
    private @Nullable String name;

    @Option(
        names = "--type",
        paramLabel = "TYPE",
        description = "such as crc32 or sha256; the device's choice unless told")
    private @Nullable String type;

    @Option(names = "--offset", paramLabel = "N", description = "from this byte on")
    private @Nullable Long offset;

    @Option(names = "--length", paramLabel = "N", description = "so many bytes, not up to the end")
    private @Nullable Long length;

    @Option(names = "--types", description = "list the types that the device knows")
    private boolean types;

    Hash(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      String file = name;
      if (types == (file != null)) {
        throw Failure.usage("give the NAME of a file, or --types alone");
      }
      if ((offset != null && offset < 0) || (length != null && length <= 0)) {
        throw Failure.usage("--offset must not be below 0, --length at least 1");
      }
      return DeviceCommand.talk(to, client -> file == null ? listed(client) : hashed(client, file));
    }

    private static Outcome listed(SmpClient client) throws IOException {
      List<String> lines = new ArrayList<>();
      List<CborItem> json = new ArrayList<>();
      DeviceCommand.ask(client, new Files.Checksums(), "list its checksums")
          .kinds()
          .forEach(
              (known, kind) -> {
                lines.add("%-10s %d bytes".formatted(DeviceWords.line(known), kind.size()));
                json.add(
                    CborMap.builder()
                        .put("type", DeviceWords.line(known))
                        .put("size", kind.size())
                        .build());
              });
      return Outcome.done(
          lines,
          CborMap.builder()
              .put("target", client.target())
              .put("types", new CborList(json))
              .build());
    }

    private Outcome hashed(SmpClient client, String file) throws IOException {
      Files.ChecksumReply reply =
          DeviceCommand.ask(
              client,
              new Files.Checksum(
                  file,
                  Optional.ofNullable(type),
                  Optional.ofNullable(offset),
                  Optional.ofNullable(length)),
              "hash " + file);
      String told = DeviceWords.line(reply.type());
      String sum = reply.output().map(Hash::hex).orElse("nothing");
      return Outcome.done(
          "%s  %s  %s, %d bytes".formatted(sum, file, told, reply.length()),
          CborMap.builder()
              .put("target", client.target())
              .put("name", file)
              .put("type", told)
              .put("hash", sum)
              .put("bytes", reply.length())
              .build());
    }

    private static String hex(CborItem sum) {
      return switch (sum) {
        case CborBytes(var bytes) -> bytes.toHex();
        case CborInt number when number.isLong() -> "%08x".formatted(number.toLong());
        default -> "unreadable";
      };
    }
  }
}
