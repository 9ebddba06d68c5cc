// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.smp.Answer.ResultCode;
import dev.sealift.smp.Command;
import dev.sealift.smp.Group;
import dev.sealift.smp.GroupError;
import dev.sealift.smp.ImageError;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Which server of the world this one behaves like: traits, commands that are not built in, and
/// codes that it gives in place of the usual translation to version 1.
public record Mood(String name, Set<Trait> traits, Set<Command> missing, List<Code> codes) {
  /// What one command says for an error of the image group.
  public record Code(Command command, ImageError error, int code) {}

  /// Zephyr 3 and 4.
  public static final Mood ZEPHYR = new Mood("zephyr", Set.of(), Set.of(), List.of());

  /// Zephyr before 2022: version 1, and chunks cut to the units of its flash.
  public static final Mood ZEPHYR_2 =
      new Mood(
          "zephyr-2",
          Set.of(Trait.VERSION_1, Trait.ZERO_CODE_IN_UPLOADS, Trait.CUTS_UNALIGNED, Trait.PADDED),
          missing(
              List.of(Group.SETTINGS, Group.ENUMERATION, Group.TRANSPORTS),
              Command.OS_PARAMETERS,
              Command.OS_INFO,
              Command.OS_BOOTLOADER,
              Command.IMAGE_SLOTS),
          List.of(
              new Code(Command.IMAGE_UPLOAD, ImageError.NO_FREE_SLOT, ResultCode.NO_MEMORY),
              new Code(Command.IMAGE_UPLOAD, ImageError.OVERRUN, ResultCode.INVALID)));

  /// Zephyr 1.14, of 2019.
  public static final Mood ZEPHYR_1_14 =
      new Mood("zephyr-1.14", ZEPHYR_2.traits(), ZEPHYR_2.missing(), ZEPHYR_2.codes())
          .with(
              Trait.CHUNKS_OF_512,
              Trait.SHA_BEHIND_DATA,
              Trait.NEEDS_SESSION,
              Trait.ERASES_AT_ONCE);

  /// The library of Apache Mynewt.
  public static final Mood MYNEWT =
      new Mood(
          "mynewt",
          Set.of(
              Trait.VERSION_1,
              Trait.ZERO_CODE_IN_UPLOADS,
              Trait.ZERO_CODE_IN_STATISTICS,
              Trait.ECHO_SHORT,
              Trait.CUTS_UNALIGNED,
              Trait.PADDED),
          ZEPHYR_2.missing(),
          List.of(
              new Code(Command.IMAGE_UPLOAD, ImageError.NO_FREE_SLOT, ResultCode.NO_ENTRY),
              new Code(Command.IMAGE_UPLOAD, ImageError.OVERRUN, ResultCode.INVALID),
              new Code(Command.IMAGE_STATE_SET, ImageError.NO_IMAGE, ResultCode.INVALID),
              new Code(Command.IMAGE_STATE_SET, ImageError.CONFIRM_DENIED, ResultCode.BAD_STATE)));

  /// The recovery server of MCUboot itself, as it is built unless one asks for more.
  public static final Mood MCUBOOT_RECOVERY =
      new Mood(
          "mcuboot-recovery",
          Set.of(
              Trait.VERSION_ECHOED,
              Trait.ZERO_CODE_IN_UPLOADS,
              Trait.ZERO_CODE_ALONE,
              Trait.READ_IS_WRITE,
              Trait.CUTS_UNALIGNED,
              Trait.BARE_SLOTS,
              Trait.ANY_BYTES,
              Trait.NO_RESUME),
          allBut(Command.IMAGE_STATE, Command.IMAGE_UPLOAD, Command.OS_RESET),
          List.of());

  /// All that have a name.
  public static final List<Mood> NAMED =
      List.of(ZEPHYR, ZEPHYR_2, ZEPHYR_1_14, MYNEWT, MCUBOOT_RECOVERY);

  public Mood {
    traits = Set.copyOf(traits);
    missing = Set.copyOf(missing);
    codes = List.copyOf(codes);
  }

  public static Optional<Mood> named(String name) {
    return NAMED.stream().filter(mood -> mood.name().equals(name)).findFirst();
  }

  public boolean has(Trait trait) {
    return traits.contains(trait);
  }

  /// The same server with more traits.
  public Mood with(Trait... more) {
    Set<Trait> all = new LinkedHashSet<>(traits);
    all.addAll(Arrays.asList(more));
    return new Mood(name, all, missing, codes);
  }

  /// The same server, built without some commands.
  public Mood without(Command... fewer) {
    Set<Command> all = new LinkedHashSet<>(missing);
    all.addAll(Arrays.asList(fewer));
    return new Mood(name, traits, all, codes);
  }

  /// The same server, built with some commands that it mostly lacks.
  public Mood including(Command... more) {
    Set<Command> rest = new LinkedHashSet<>(missing);
    rest.removeAll(Arrays.asList(more));
    return new Mood(name, traits, rest, codes);
  }

  /// The code of SMP itself that this server has for a group's error.
  int legacy(Command command, GroupError error) {
    return codes.stream()
        .filter(code -> code.command() == command && code.error() == error)
        .findFirst()
        .map(Code::code)
        .orElseGet(error::legacy);
  }

  private static Set<Command> missing(List<Group> groups, Command... commands) {
    Set<Command> missing = EnumSet.noneOf(Command.class);
    for (Command command : Command.values()) {
      if (groups.stream().anyMatch(group -> group.number() == command.key().group())) {
        missing.add(command);
      }
    }
    missing.addAll(Arrays.asList(commands));
    return missing;
  }

  private static Set<Command> allBut(Command... commands) {
    Set<Command> missing = EnumSet.allOf(Command.class);
    missing.removeAll(Arrays.asList(commands));
    return missing;
  }
}
