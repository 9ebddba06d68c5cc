// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.ShippedProfiles;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/// Lists the profiles that come along, or prints one.
@Command(
    name = "profiles",
    description = "List the device profiles that come along, or print one as a file.",
    footer = {"", "Example: sealift virtual profiles nrf52840 > my.toml"})
final class VirtualProfiles extends Verb {
  @Parameters(
      arity = "0..1",
      paramLabel = "NAME",
      defaultValue = "",
      description = "the one to print, remarks and all")
  private String name = "";

  VirtualProfiles(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    if (name.isEmpty()) {
      return list();
    }
    if (!ShippedProfiles.names().contains(name)) {
      throw Failure.usage(
          "no profile %s comes along; there are %s"
              .formatted(name, String.join(", ", ShippedProfiles.names())));
    }
    String text = ShippedProfiles.text(name);
    return Outcome.done(
        text.stripTrailing().lines().toList(),
        CborMap.builder().put("name", name).put("toml", text).build());
  }

  private static Outcome list() {
    List<String> lines = new ArrayList<>();
    List<CborItem> items = new ArrayList<>();
    for (String each : ShippedProfiles.names()) {
      DeviceProfile profile = ShippedProfiles.profile(each);
      lines.add("%-12s %s".formatted(each, Profiles.words(profile)));
      items.add(
          CborMap.builder()
              .put("name", each)
              .put("board", profile.board())
              .put("mode", Profiles.mode(profile.boot().mode()))
              .put("images", profile.boot().images().size())
              .put("image-size-max", profile.boot().imageSizeMax())
              .build());
    }
    return Outcome.done(lines, CborMap.builder().put("profiles", new CborList(items)).build());
  }
}
