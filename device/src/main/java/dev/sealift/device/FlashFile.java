// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.boot.FlashOperation;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.image.SecurityCounter;
import dev.sealift.permit.DeviceId;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/// The flash of one device as a file. Each operation is in the file when the device learns that it
/// is done, so the process may be killed at any moment: what the file holds is what a flash would
/// hold whose power failed then. (The machine's own power is another matter: nothing waits for the
/// disk.) One process at a time holds the file, by a lock that goes with the process.
///
/// ```
///    0  magic            8 bytes; another one while the file is being made
///    8  version          u32, all numbers little endian
///   12  flash            size, sector, write unit, erased value, programming: u32 each
///   32  device id        16 bytes
///   48  profile digest   32 bytes
///   80  security counter u32, the one field that changes
///   84  profile name     64 bytes, padded with zeros: for the sentence of a refusal
/// 4096  the flash
/// ```
public final class FlashFile implements Closeable {
  private static final Bytes MAGIC = Bytes.ofUtf8("SLFLASH\n");
  private static final Bytes MAGIC_UNFINISHED = Bytes.ofUtf8("slflash\n");
  private static final int VERSION = 1;
  private static final int COUNTER_AT = 80;
  private static final int NAME_SIZE = 64;
  private static final int HEADER_SIZE = 4096;

  private final FileChannel channel;
  private final Flash flash;
  private final Origin origin;
  private final DeviceId deviceId;

  /// Where the content of the flash comes from.
  public enum Origin {
    /// There was no file, or one that was never finished: it holds now what the flash held.
    MADE,
    /// The flash holds now what the file held.
    FOUND
  }

  private record Header(FlashGeometry flash, DeviceId device, Bytes digest, String profile) {
    Bytes write(Bytes magic, SecurityCounter counter) {
      Bytes name = Bytes.ofUtf8(profile);
      ByteWriter out =
          new ByteWriter(ByteOrder.LITTLE_ENDIAN)
              .bytes(magic)
              .u32(VERSION)
              .u32(flash.size())
              .u32(flash.sectorSize())
              .u32(flash.writeAlign())
              .u32(flash.erasedValue())
              .u32(
                  switch (flash.programming()) {
                    case ONLY_ERASED -> 0;
                    case CLEARS_BITS -> 1;
                  })
              .bytes(device.bytes())
              .bytes(digest)
              .u32(counter.value())
              .bytes(name)
              .bytes(Bytes.filled(NAME_SIZE - name.size(), 0));
      Bytes fields = out.toBytes();
      return fields.plus(Bytes.filled(HEADER_SIZE - fields.size(), 0));
    }
  }

  private FlashFile(FileChannel channel, Flash flash, Origin origin, DeviceId deviceId) {
    this.channel = channel;
    this.flash = flash;
    this.origin = origin;
    this.deviceId = deviceId;
  }

  /// Brings flash and file together: a file that is there says what the flash holds; where there is
  /// none, one is made of what the flash holds, for the device `fresh`. From then on every
  /// operation goes to both. A file of another profile, or one that is no such file, is refused and
  /// untouched; so is one that another process holds.
  public static FlashFile open(Path path, DeviceProfile profile, DeviceId fresh, Flash flash)
      throws IOException {
    FileChannel channel =
        FileChannel.open(
            path, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
    try {
      lock(channel);
      Header wanted = new Header(flash.geometry(), fresh, profile.digest(), profile.name());
      FlashFile file =
          isUnfinished(channel) ? make(channel, wanted, flash) : find(channel, wanted, flash);
      flash.observe(file::mirror);
      return file;
    } catch (IOException | RuntimeException e) {
      channel.close();
      throw e;
    }
  }

  private static void lock(FileChannel channel) throws IOException {
    try {
      if (channel.tryLock() != null) {
        return;
      }
    } catch (OverlappingFileLockException _) {
      // Held by this very process: the same refusal.
    }
    throw new FlashFileException("another device is running on it");
  }

  private static boolean isUnfinished(FileChannel channel) throws IOException {
    long size = channel.size();
    return size == 0
        || (size >= MAGIC_UNFINISHED.size()
            && read(channel, 0, MAGIC_UNFINISHED.size()).equals(MAGIC_UNFINISHED));
  }

  /// The good magic comes last: a file that has it is whole.
  private static FlashFile make(FileChannel channel, Header header, Flash flash)
      throws IOException {
    FlashSnapshot content = flash.snapshot();
    write(channel, 0, header.write(MAGIC_UNFINISHED, content.securityCounter()));
    channel.truncate(HEADER_SIZE);
    write(channel, HEADER_SIZE, content.content());
    write(channel, 0, MAGIC);
    return new FlashFile(channel, flash, Origin.MADE, header.device);
  }

  private static FlashFile find(FileChannel channel, Header wanted, Flash flash)
      throws IOException {
    if (channel.size() < HEADER_SIZE) {
      throw new FlashFileException("no flash of a virtual device: too short");
    }
    ByteReader in = new ByteReader(read(channel, 0, HEADER_SIZE), ByteOrder.LITTLE_ENDIAN);
    try {
      if (!in.take(MAGIC.size(), "magic").equals(MAGIC)) {
        throw new FlashFileException("no flash of a virtual device");
      }
      long version = in.u32("version");
      if (version != VERSION) {
        throw new FlashFileException(
            "of version %d, this program knows %d".formatted(version, VERSION));
      }
      // For whoever reads the file by hand: the digest covers the geometry.
      in.take(20, "geometry");
      DeviceId device = new DeviceId(in.take(16, "device id"));
      Bytes digest = in.take(32, "profile digest");
      SecurityCounter counter = new SecurityCounter(in.u32("security counter"));
      String name = in.take(NAME_SIZE, "profile name").toUtf8().replace("\0", "");
      requireProfile(wanted, digest, name);
      if (channel.size() != HEADER_SIZE + (long) flash.geometry().size()) {
        throw new FlashFileException(
            "%d bytes, with a flash of %d it has %d"
                .formatted(
                    channel.size(),
                    flash.geometry().size(),
                    HEADER_SIZE + (long) flash.geometry().size()));
      }
      flash.restore(
          new FlashSnapshot(read(channel, HEADER_SIZE, flash.geometry().size()), counter));
      return new FlashFile(channel, flash, Origin.FOUND, device);
    } catch (MalformedException e) {
      throw new IllegalStateException("a header of %d bytes ended".formatted(HEADER_SIZE), e);
    }
  }

  private static void requireProfile(Header wanted, Bytes digest, String name)
      throws FlashFileException {
    if (!name.equals(wanted.profile)) {
      throw new FlashFileException(
          "holds a device of the profile %s, not of %s".formatted(name, wanted.profile));
    }
    if (!digest.equals(wanted.digest)) {
      throw new FlashFileException(
          "the profile %s has changed since: other slots, bootloader or keys".formatted(name));
    }
  }

  public Origin origin() {
    return origin;
  }

  /// Who the device is: said when its file was made.
  public DeviceId deviceId() {
    return deviceId;
  }

  private void mirror(FlashOperation operation) {
    try {
      switch (operation) {
        // As it is now: bits may have been cleared only, or a part be done.
        case FlashOperation.Programmed(var address, var data) -> mirror(address, data.size());
        case FlashOperation.Erased(var address, var length) -> mirror(address, length);
        case FlashOperation.CounterRaised _ ->
            write(
                channel,
                COUNTER_AT,
                new ByteWriter(ByteOrder.LITTLE_ENDIAN)
                    .u32(flash.securityCounter().value())
                    .toBytes());
        case FlashOperation.Cut(var at) -> mirror(at);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("the flash cannot be written to its file", e);
    }
  }

  private void mirror(int address, int length) throws IOException {
    write(channel, HEADER_SIZE + (long) address, flash.peek(address, length));
  }

  private static Bytes read(FileChannel channel, long at, int length) throws IOException {
    ByteBuffer buffer = ByteBuffer.allocate(length);
    while (buffer.hasRemaining()) {
      if (channel.read(buffer, at + buffer.position()) < 0) {
        throw new EOFException("the file has become shorter");
      }
    }
    return Bytes.owning(buffer.array());
  }

  private static void write(FileChannel channel, long at, Bytes data) throws IOException {
    ByteBuffer buffer = ByteBuffer.wrap(data.toArray());
    while (buffer.hasRemaining()) {
      channel.write(buffer, at + buffer.position());
    }
  }

  /// From here on the flash goes its own way; the file keeps what it has.
  @Override
  public void close() throws IOException {
    flash.observe(_ -> {});
    channel.close();
  }
}
