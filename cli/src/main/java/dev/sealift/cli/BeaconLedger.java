// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.permit.SequenceNumber;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/// What must never go back: the number of the newest beacon, its time and the floors. On disk
/// before a beacon of that number exists, so that no end of the process, however sudden, lets one
/// number be given twice. One process at a time holds the folder.
///
/// `DIR/state.json`: `{"number": 17, "time": 1800000000, "floors": {"<class tag>": "1:2"}}`
final class BeaconLedger implements Closeable {
  /// One entry; the next one has a higher number and no lower time.
  record Entry(long number, long time, SortedMap<Bytes, SequenceNumber> floors) {
    static final Entry NONE = new Entry(0, 0, new TreeMap<>());

    Entry {
      floors = Collections.unmodifiableSortedMap(new TreeMap<>(floors));
    }
  }

  private final Path file;
  private final FileChannel lock;
  private Entry entry;

  private BeaconLedger(Path file, FileChannel lock, Entry entry) {
    this.file = file;
    this.lock = lock;
    this.entry = entry;
  }

  static BeaconLedger open(Path folder) {
    try {
      java.nio.file.Files.createDirectories(folder);
      FileChannel lock =
          FileChannel.open(
              folder.resolve("lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      try {
        if (!isOurs(lock)) {
          throw Failure.refused("another process serves beacons from " + folder);
        }
        Path file = folder.resolve("state.json");
        return new BeaconLedger(file, lock, read(file));
      } catch (IOException | RuntimeException e) {
        lock.close();
        throw e;
      }
    } catch (IOException e) {
      throw Failure.world("cannot use %s: %s".formatted(folder, Files.reason(e)));
    }
  }

  private static boolean isOurs(FileChannel channel) throws IOException {
    try {
      // Goes with the process, however it ends.
      FileLock held = channel.tryLock();
      return held != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  /// A damaged file is refused: beginning anew would give numbers twice.
  private static Entry read(Path file) {
    if (!java.nio.file.Files.exists(file)) {
      return Entry.NONE;
    }
    try {
      CborFields fields = CborFields.of(Json.read(Files.readText(file)), "state");
      SortedMap<Bytes, SequenceNumber> floors = new TreeMap<>();
      CborMap map = fields.required(new CborText("floors"), CborMap.class);
      for (var floor : map.entries().entrySet()) {
        floors.put(
            Hex.parse("a class in " + file, text(floor.getKey())),
            Sequences.parse("a floor in " + file, text(floor.getValue())));
      }
      return new Entry(fields.integer("number"), fields.integer("time"), floors);
    } catch (MalformedException e) {
      throw Failure.refused("%s is damaged: %s".formatted(file, e.getMessage()))
          .hint(
              "give another --data folder and --after N, where N is at least the newest number"
                  + " that any device has heard");
    }
  }

  private static String text(CborItem item) throws MalformedException {
    return CborFields.expect(item, CborText.class, "text").value();
  }

  Entry entry() {
    return entry;
  }

  /// On the disk, not merely on its way there, when this returns.
  void write(Entry next) throws IOException {
    if (next.number() <= entry.number() || next.time() < entry.time()) {
      throw new IllegalStateException("beacon %s after %s".formatted(next, entry));
    }
    CborMap.Builder floors = CborMap.builder();
    next.floors().forEach((tag, floor) -> floors.put(tag.toHex(), floor.toString()));
    String json =
        Json.write(
            CborMap.builder()
                .put("number", next.number())
                .put("time", next.time())
                .put("floors", floors.build())
                .build());
    Path beside = file.resolveSibling("state.json.part");
    try (FileChannel out =
        FileChannel.open(
            beside,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      ByteBuffer bytes = Bytes.ofUtf8(json + "\n").toBuffer();
      while (bytes.hasRemaining()) {
        out.write(bytes);
      }
      out.force(true);
    }
    java.nio.file.Files.move(
        beside, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    forceFolder();
    entry = next;
  }

  /// So that the new name survives the machine's power too, where the system can do that.
  private void forceFolder() throws IOException {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw new IllegalStateException("a state file without a folder");
    }
    try (FileChannel directory = FileChannel.open(folder, StandardOpenOption.READ)) {
      directory.force(true);
    } catch (java.nio.file.AccessDeniedException _) {
      // A system on which folders cannot be opened keeps their names by itself.
    }
  }

  @Override
  public void close() throws IOException {
    lock.close();
  }
}
