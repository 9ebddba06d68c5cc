// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.Role;
import dev.sealift.permit.Root;
import dev.sealift.suit.cose.CoseKey;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// What devices trust.
@Command(
    name = "trust",
    description = "Say whom devices trust.",
    subcommands = {TrustCommand.MakeRoot.class, TrustCommand.Show.class})
final class TrustCommand extends Noun {

  /// Makes a root of trust.
  @Command(
      name = "root",
      description = "Make the root of trust that is put into devices: keys, roles, thresholds.",
      footer = {
        "",
        "Example: sealift trust root --release alice.pub.pem --release bob.pub.pem",
        "           --threshold 2 -o root.cbor"
      })
  static final class MakeRoot extends Verb {
    @Option(
        names = "--release",
        paramLabel = "FILE",
        required = true,
        description = "public key of a release engineer; repeat for each")
    private List<Path> release = new ArrayList<>();

    @Option(
        names = "--threshold",
        paramLabel = "N",
        defaultValue = "",
        description = "release signatures that are enough; all of them unless told")
    private String threshold = "";

    @Option(
        names = "--recovery",
        paramLabel = "FILE",
        description = "public key kept for recovery; all recovery keys together may release too")
    private List<Path> recovery = new ArrayList<>();

    @Option(
        names = "--epoch",
        paramLabel = "N",
        defaultValue = "1",
        description = "epoch of sequence numbers, default 1")
    private String epoch = "";

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FILE",
        required = true,
        description = "where the root goes")
    private @Nullable Path output;

    MakeRoot(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      List<CoseKey> keys = new ArrayList<>();
      Map<Role, Root.Grant> roles = new EnumMap<>(Role.class);
      List<Set<Role>> policy = new ArrayList<>();
      int enough =
          threshold.isEmpty()
              ? release.size()
              : Numbers.parseInt("--threshold", threshold, 1, release.size());
      grant(Role.RELEASE, release, enough, keys, roles, policy);
      if (!recovery.isEmpty()) {
        grant(Role.ROOT, recovery, recovery.size(), keys, roles, policy);
      }
      Root root;
      try {
        root = new Root(1, Numbers.parse("--epoch", epoch, 0, 0x7fff_ffffL), roles, keys, policy);
      } catch (IllegalArgumentException e) {
        throw Failure.refused("no root can be made of that: " + e.getMessage());
      }
      Path target = Given.required(output);
      Files.write(target, root.encode());
      List<String> lines = new ArrayList<>();
      lines.add("wrote " + target + ": put it into every device, it holds public keys only");
      lines.addAll(lines(root));
      return Outcome.done(lines, json(root));
    }

    private static void grant(
        Role role,
        List<Path> files,
        int enough,
        List<CoseKey> keys,
        Map<Role, Root.Grant> roles,
        List<Set<Role>> policy) {
      List<Integer> indices = new ArrayList<>();
      for (Path file : files) {
        indices.add(keys.size());
        keys.add(CoseKeys.readPublic(file));
      }
      roles.put(role, new Root.Grant(enough, indices, Optional.empty()));
      policy.add(Set.of(role));
    }
  }

  /// Says what a root says.
  @Command(
      name = "show",
      description = "Show a root of trust.",
      footer = {"", "Example: sealift trust show root.cbor"})
  static final class Show extends Verb {
    @Parameters(paramLabel = "FILE", description = "a root of trust")
    private @Nullable Path file;

    Show(Console console) {
      super(console);
    }

    @Override
    Outcome carryOut() {
      Root root = readRoot(Given.required(file));
      return Outcome.done(lines(root), json(root));
    }
  }

  static Root readRoot(Path file) {
    try {
      return Root.decode(Files.read(file));
    } catch (MalformedException e) {
      throw Failure.refused(file + " is no root of trust: " + e.getMessage());
    }
  }

  private static List<String> lines(Root root) {
    List<String> lines = new ArrayList<>();
    lines.add("root version %d, epoch %d".formatted(root.version(), root.epoch()));
    root.roles()
        .forEach(
            (role, grant) ->
                lines.add(
                    "role %s: any %d of %d keys: %s"
                        .formatted(
                            role,
                            grant.threshold(),
                            grant.keys().size(),
                            String.join(
                                ", ",
                                grant.keys().stream()
                                    .map(index -> root.keys().get(index).id().toString())
                                    .toList()))));
    lines.add(
        "to install: "
            + String.join(
                ", or ",
                root.policy().stream()
                    .map(
                        clause ->
                            String.join(
                                " and ", clause.stream().sorted().map(Role::toString).toList()))
                    .toList()));
    return lines;
  }

  private static CborMap json(Root root) {
    CborMap.Builder roles = CborMap.builder();
    root.roles()
        .forEach(
            (role, grant) ->
                roles.put(
                    role.toString(),
                    CborMap.builder()
                        .put("threshold", grant.threshold())
                        .put(
                            "keys",
                            new CborList(
                                grant.keys().stream()
                                    .<dev.sealift.bytes.cbor.CborItem>map(
                                        index ->
                                            new CborText(root.keys().get(index).id().toString()))
                                    .toList()))
                        .build()));
    return CborMap.builder()
        .put("version", CborInt.of(root.version()))
        .put("epoch", CborInt.of(root.epoch()))
        .put("roles", roles.build())
        .build();
  }
}
