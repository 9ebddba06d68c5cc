// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// The files of one run, by the names on its command line: read whole and bounded, written beside
/// and moved into place, so that half a file never stands under the name that was asked for.
record Folder(Path path) {
  /// Larger than any image; a wrong path to a disk image ends here with a sentence.
  static final int SIZE_MAX = 64 << 20;

  private static final Set<PosixFilePermission> OWNER_ONLY =
      PosixFilePermissions.fromString("rw-------");

  Folder(Io io) {
    this(io.folder());
  }

  private Path resolve(String name) throws RefusedException {
    try {
      return path.resolve(name);
    } catch (InvalidPathException e) {
      throw RefusedException.failed("\"%s\" is no name of a file".formatted(name));
    }
  }

  boolean has(String name) throws RefusedException {
    return Files.exists(resolve(name));
  }

  Bytes read(String name) throws RefusedException {
    return read(name, SIZE_MAX);
  }

  Bytes read(String name, int sizeMax) throws RefusedException {
    try (InputStream in = Files.newInputStream(resolve(name))) {
      byte[] content = in.readNBytes(sizeMax + 1);
      if (content.length > sizeMax) {
        throw RefusedException.failed(
            "cannot read %s: it has more than %d bytes".formatted(name, sizeMax));
      }
      return Bytes.owning(content);
    } catch (IOException e) {
      throw RefusedException.failed("cannot read " + name + ": " + reason(e));
    }
  }

  void write(String name, Bytes content) throws RefusedException {
    Path target = resolve(name);
    try {
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        // A pipe or a device is written to and not replaced.
        try (var out = Files.newOutputStream(target)) {
          content.writeTo(out);
        }
        return;
      }
      // What a link points to is replaced, and the link stays.
      Path real = Files.exists(target) ? target.toRealPath() : target;
      Path part = partOf(real);
      Files.deleteIfExists(part);
      Files.createFile(part);
      writeAndMove(part, content, real);
    } catch (IOException e) {
      throw RefusedException.failed("cannot write " + name + ": " + reason(e));
    }
  }

  /// Readable by the owner alone from the first moment, and never over another file.
  void writeNewSecret(String name, Bytes content) throws RefusedException {
    Path target = resolve(name);
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw RefusedException.failed(
          "not written: %s exists already, and it may hold a key; move it away first"
              .formatted(name));
    }
    try {
      Path part = partOf(target);
      Files.deleteIfExists(part);
      if (Files.getFileStore(folderOf(target)).supportsFileAttributeView("posix")) {
        Files.createFile(part, PosixFilePermissions.asFileAttribute(OWNER_ONLY));
      } else {
        Files.createFile(part);
      }
      writeAndMove(part, content, target);
    } catch (IOException e) {
      throw RefusedException.failed("cannot write " + name + ": " + reason(e));
    }
  }

  private static void writeAndMove(Path part, Bytes content, Path target) throws IOException {
    try {
      try (var out = Files.newOutputStream(part)) {
        content.writeTo(out);
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static Path partOf(Path target) throws IOException {
    return folderOf(target).resolve("." + target.getFileName() + ".part");
  }

  private static Path folderOf(Path target) throws IOException {
    Path folder = target.toAbsolutePath().getParent();
    if (folder == null || target.getFileName() == null) {
      throw new IOException("it is no name of a file");
    }
    return folder;
  }

  /// The few words of an I/O exception that a person needs.
  private static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file or folder";
      case AccessDeniedException _ -> "permission denied";
      case FileAlreadyExistsException _ -> "it exists already";
      case FileSystemException fs when fs.getReason() != null -> fs.getReason();
      default -> {
        String message = e.getMessage();
        yield message == null ? e.getClass().getSimpleName() : message;
      }
    };
  }
}
