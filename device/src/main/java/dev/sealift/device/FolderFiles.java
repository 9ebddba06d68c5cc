// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.FilesError;
import dev.sealift.smp.server.FileStore;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.regex.Pattern;

/// A folder of the host as a device's file system. Names are made of plain parts below the mount
/// point, and links are not followed, so that nothing outside the folder is ever touched.
public final class FolderFiles implements FileStore {
  private static final Pattern PART = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9._-]{0,63}");
  private static final int NAME_MAX = 128;

  private final String mountPoint;
  private final Path folder;
  private final long fileSizeMax;

  /// `mountPoint` such as `/lfs1`.
  public FolderFiles(String mountPoint, Path folder, long fileSizeMax) {
    this.mountPoint = mountPoint;
    this.folder = folder;
    this.fileSizeMax = fileSizeMax;
  }

  @Override
  public Look look(String name) {
    if (!name.startsWith("/") || name.length() > NAME_MAX) {
      return new Look.Barred(FilesError.BAD_NAME);
    }
    if (!name.startsWith(mountPoint + "/")) {
      return new Look.Barred(FilesError.NO_MOUNT_POINT);
    }
    Optional<Path> path = path(name);
    if (path.isEmpty()) {
      return new Look.Barred(FilesError.BAD_NAME);
    }
    if (Files.isDirectory(path.get(), LinkOption.NOFOLLOW_LINKS)) {
      return new Look.Barred(FilesError.IS_DIRECTORY);
    }
    try {
      if (Files.isRegularFile(path.get(), LinkOption.NOFOLLOW_LINKS)) {
        return new Look.File(Files.size(path.get()));
      }
      return Files.exists(path.get(), LinkOption.NOFOLLOW_LINKS)
          ? new Look.Barred(FilesError.OPEN)
          : new Look.Missing();
    } catch (IOException _) {
      return new Look.Barred(FilesError.OPEN);
    }
  }

  /// Empty for a name that leaves the folder, or could: every part on the way is one of our own
  /// folders and no link.
  private Optional<Path> path(String name) {
    Path path = folder;
    for (String part : name.substring(mountPoint.length() + 1).split("/", -1)) {
      if (!PART.matcher(part).matches() || Files.isSymbolicLink(path.resolve(part))) {
        return Optional.empty();
      }
      path = path.resolve(part);
    }
    return Optional.of(path);
  }

  @Override
  public Optional<Bytes> read(String name, long offset, int size) {
    Optional<Path> path = path(name);
    if (path.isEmpty()) {
      return Optional.empty();
    }
    try (SeekableByteChannel file =
        Files.newByteChannel(path.get(), StandardOpenOption.READ, LinkOption.NOFOLLOW_LINKS)) {
      file.position(offset);
      ByteBuffer buffer = ByteBuffer.allocate(size);
      while (buffer.hasRemaining() && file.read(buffer) >= 0) {
        // Until the buffer is full or the file is at its end.
      }
      return Optional.of(Bytes.copyOf(buffer.array(), 0, buffer.position()));
    } catch (IOException _) {
      return Optional.empty();
    }
  }

  @Override
  public Optional<FilesError> write(String name, long offset, Bytes data) {
    Optional<Path> path = path(name);
    if (path.isEmpty()) {
      return Optional.of(FilesError.BAD_NAME);
    }
    if (offset + data.size() > fileSizeMax) {
      return Optional.of(FilesError.WRITE);
    }
    try (SeekableByteChannel file =
        offset == 0
            ? Files.newByteChannel(
                path.get(),
                StandardOpenOption.CREATE,
                StandardOpenOption.TRUNCATE_EXISTING,
                StandardOpenOption.WRITE,
                LinkOption.NOFOLLOW_LINKS)
            : Files.newByteChannel(
                path.get(), StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS)) {
      file.position(offset);
      ByteBuffer bytes = data.toBuffer();
      while (bytes.hasRemaining()) {
        file.write(bytes);
      }
      return Optional.empty();
    } catch (IOException _) {
      return Optional.of(FilesError.WRITE);
    }
  }
}
