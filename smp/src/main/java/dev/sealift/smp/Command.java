// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static dev.sealift.smp.SmpHeader.READ;
import static dev.sealift.smp.SmpHeader.WRITE;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/// The protocol on one page: every command that Sealift speaks by name, and how its request is
/// read. A command read and written has two lines.
public enum Command {
  OS_ECHO(Group.OS, 0, WRITE, Os.Echo::of),
  OS_ECHO_READ(Group.OS, 0, READ, Os.EchoRead::of),
  OS_CONSOLE_ECHO(Group.OS, 1, WRITE, Os.ConsoleEcho::of),
  OS_TASKS(Group.OS, 2, READ, _ -> new Os.Tasks()),
  OS_MEMORY_POOLS(Group.OS, 3, READ, _ -> new Os.MemoryPools()),
  OS_DATETIME(Group.OS, 4, READ, _ -> new Os.Datetime()),
  OS_DATETIME_SET(Group.OS, 4, WRITE, Os.SetDatetime::of),
  OS_RESET(Group.OS, 5, WRITE, Os.Reset::of),
  OS_PARAMETERS(Group.OS, 6, READ, _ -> new Os.Parameters()),
  OS_INFO(Group.OS, 7, READ, Os.Info::of),
  OS_BOOTLOADER(Group.OS, 8, READ, Os.Bootloader::of),

  IMAGE_STATE(Group.IMAGE, 0, READ, _ -> new Images.State()),
  IMAGE_STATE_SET(Group.IMAGE, 0, WRITE, Images.SetState::of),
  IMAGE_UPLOAD(Group.IMAGE, 1, WRITE, Images.Upload::of),
  IMAGE_FILE(Group.IMAGE, 2, READ, _ -> new Images.File()),
  IMAGE_CORE_LIST(Group.IMAGE, 3, READ, _ -> new Images.CoreList()),
  IMAGE_CORE_LOAD(Group.IMAGE, 4, READ, Images.CoreLoad::of),
  IMAGE_CORE_ERASE(Group.IMAGE, 4, WRITE, _ -> new Images.CoreErase()),
  IMAGE_ERASE(Group.IMAGE, 5, WRITE, Images.Erase::of),
  IMAGE_SLOTS(Group.IMAGE, 6, READ, _ -> new Images.Slots()),

  STATISTICS_READ(Group.STATISTICS, 0, READ, Statistics.Read::of),
  STATISTICS_LIST(Group.STATISTICS, 1, READ, _ -> new Statistics.Names()),

  SETTINGS_READ(Group.SETTINGS, 0, READ, Settings.Read::of),
  SETTINGS_WRITE(Group.SETTINGS, 0, WRITE, Settings.Write::of),
  SETTINGS_DELETE(Group.SETTINGS, 1, WRITE, Settings.Delete::of),
  SETTINGS_COMMIT(Group.SETTINGS, 2, WRITE, _ -> new Settings.Commit()),
  SETTINGS_LOAD(Group.SETTINGS, 3, READ, _ -> new Settings.Load()),
  SETTINGS_SAVE(Group.SETTINGS, 3, WRITE, Settings.Save::of),

  LOG_SHOW(Group.LOG, 0, READ, Logs.Show::of),
  LOG_CLEAR(Group.LOG, 1, WRITE, Logs.Clear::of),
  LOG_APPEND(Group.LOG, 2, WRITE, Logs.Append::of),
  LOG_MODULES(Group.LOG, 3, READ, _ -> new Logs.Modules()),
  LOG_LEVELS(Group.LOG, 4, READ, _ -> new Logs.Levels()),
  LOG_NAMES(Group.LOG, 5, READ, _ -> new Logs.Names()),

  CRASH_TRIGGER(Group.CRASH, 0, WRITE, Crash.Trigger::of),

  SPLIT_STATUS(Group.SPLIT, 0, READ, _ -> new Split.Status()),
  SPLIT_STATUS_SET(Group.SPLIT, 0, WRITE, Split.SetStatus::of),

  RUN_TEST(Group.RUN, 0, WRITE, Run.Test::of),
  RUN_TESTS(Group.RUN, 1, READ, _ -> new Run.Tests()),

  FILES_READ(Group.FILES, 0, READ, Files.Read::of),
  FILES_WRITE(Group.FILES, 0, WRITE, Files.Write::of),
  FILES_STATUS(Group.FILES, 1, READ, Files.Status::of),
  FILES_CHECKSUM(Group.FILES, 2, READ, Files.Checksum::of),
  FILES_CHECKSUMS(Group.FILES, 3, READ, _ -> new Files.Checksums()),
  FILES_CLOSE(Group.FILES, 4, WRITE, _ -> new Files.Close()),

  SHELL_EXECUTE(Group.SHELL, 0, WRITE, Shell.Execute::of),

  ENUMERATION_COUNT(Group.ENUMERATION, 0, READ, _ -> new Enumeration.Count()),
  ENUMERATION_LIST(Group.ENUMERATION, 1, READ, _ -> new Enumeration.Numbers()),
  ENUMERATION_SINGLE(Group.ENUMERATION, 2, READ, Enumeration.Single::of),
  ENUMERATION_DETAILS(Group.ENUMERATION, 3, READ, Enumeration.Details::of),

  TRANSPORTS_BRIDGE(Group.TRANSPORTS, 0, WRITE, Transports.Bridge::of),
  TRANSPORTS_UNBRIDGE(Group.TRANSPORTS, 1, WRITE, Transports.Unbridge::of),
  TRANSPORTS_STATUS(Group.TRANSPORTS, 2, READ, _ -> new Transports.Status()),
  TRANSPORTS_LIST(Group.TRANSPORTS, 6, READ, _ -> new Transports.Names()),
  TRANSPORTS_MODES(Group.TRANSPORTS, 7, READ, Transports.Modes::of),
  TRANSPORTS_CONFIGS(Group.TRANSPORTS, 8, READ, Transports.Configs::of),

  BASIC_ERASE_STORAGE(Group.BASIC, 0, WRITE, _ -> new Basic.EraseStorage()),

  SUIT_MANIFESTS(Group.SUIT, 0, READ, _ -> new Suit.Manifests()),
  SUIT_MANIFEST_STATE(Group.SUIT, 1, READ, Suit.ManifestState::of),
  SUIT_ENVELOPE(Group.SUIT, 2, WRITE, Suit.Envelope::of),
  SUIT_MISSING(Group.SUIT, 3, READ, _ -> new Suit.Missing()),
  SUIT_MISSING_UPLOAD(Group.SUIT, 4, WRITE, Suit.MissingUpload::of),
  SUIT_CACHE(Group.SUIT, 5, WRITE, Suit.Cache::of),
  SUIT_CLEAN_UP(Group.SUIT, 6, WRITE, _ -> new Suit.CleanUp()),

  PERMIT_INFO(Group.PERMIT, 0, READ, _ -> new Permits.Info()),
  PERMIT_NONCE(Group.PERMIT, 1, READ, _ -> new Permits.Nonce()),
  PERMIT_BUNDLE(Group.PERMIT, 2, WRITE, Permits.Bundle::of),
  PERMIT_STATUS(Group.PERMIT, 3, READ, _ -> new Permits.Status()),
  PERMIT_SESSION(Group.PERMIT, 4, WRITE, Permits.Session::of),
  PERMIT_HAVE(Group.PERMIT, 5, READ, _ -> new Permits.Have()),
  PERMIT_GET(Group.PERMIT, 6, READ, Permits.Get::of),
  PERMIT_DROP(Group.PERMIT, 7, WRITE, _ -> new Permits.Drop()),
  PERMIT_TABLE(Group.PERMIT, 8, WRITE, Permits.Table::of);

  private static final Map<CommandKey, Command> BY_KEY = new HashMap<>();

  static {
    for (Command command : values()) {
      BY_KEY.put(command.key(), command);
    }
  }

  private final Group group;
  private final int id;
  private final int operation;

  // Readers hold nothing, which the checker cannot see of an interface.
  @SuppressWarnings("ImmutableEnumChecker")
  private final RequestReader reader;

  Command(Group group, int id, int operation, RequestReader reader) {
    this.group = group;
    this.id = id;
    this.operation = operation;
    this.reader = reader;
  }

  public CommandKey key() {
    return new CommandKey(group.number(), id, operation);
  }

  public RequestReader reader() {
    return reader;
  }

  /// A request of this command that came in.
  public Request<?> read(CborMap fields) throws MalformedException {
    return reader.read(CborFields.of(fields, "request"));
  }

  public static Optional<Command> of(CommandKey key) {
    return Optional.ofNullable(BY_KEY.get(key));
  }
}
