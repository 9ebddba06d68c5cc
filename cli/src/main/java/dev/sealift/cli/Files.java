// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;

/// Files as the command reads and writes them: whole, bounded, written beside and moved into place
/// so that a half-written file never stands under the name that was asked for.
final class Files {
  /// Larger than any image or release; a wrong path to a disk image ends here with a sentence.
  static final long SIZE_MAX = 64L << 20;

  private Files() {}

  static Bytes read(Path file) {
    try {
      if (java.nio.file.Files.isDirectory(file)) {
        throw Failure.world("cannot read " + file + ": it is a folder");
      }
      long size = java.nio.file.Files.size(file);
      if (size > SIZE_MAX) {
        throw Failure.world(
            "cannot read %s: %d bytes, at most %d are read".formatted(file, size, SIZE_MAX));
      }
      return Bytes.owning(java.nio.file.Files.readAllBytes(file));
    } catch (IOException e) {
      throw Failure.world("cannot read " + file + ": " + reason(e));
    }
  }

  /// An image as it lies in flash, out of a binary or out of Intel HEX.
  static Bytes readImage(Path file) {
    return ImageFile.readOrRefuse(file, ImageFile.ERASED).content();
  }

  static String readText(Path file) {
    return read(file).toUtf8();
  }

  static void write(Path file, Bytes content) {
    write(file, content, Set.of());
  }

  /// Readable and writable by the owner only, from the first moment; never over another file.
  static void writeSecret(Path file, Bytes content) {
    requireNew(file);
    write(file, content, PosixFilePermissions.fromString("rw-------"));
  }

  /// With all that is in it.
  static void deleteFolder(Path folder) throws IOException {
    try (var files = java.nio.file.Files.walk(folder)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        java.nio.file.Files.delete(file);
      }
    }
  }

  static void requireNew(Path file) {
    if (java.nio.file.Files.exists(file)) {
      throw Failure.refused("not written: " + file + " exists already, and it may hold a key")
          .hint("choose another name, or move the old key away yourself");
    }
  }

  private static void write(Path file, Bytes content, Set<PosixFilePermission> permissions) {
    Path folder = file.toAbsolutePath().getParent();
    if (folder == null) {
      throw Failure.world("cannot write " + file + ": it has no folder");
    }
    Path beside = folder.resolve("." + file.getFileName() + ".part");
    try {
      java.nio.file.Files.deleteIfExists(beside);
      if (permissions.isEmpty()
          || !java.nio.file.Files.getFileStore(folder).supportsFileAttributeView("posix")) {
        java.nio.file.Files.createFile(beside);
      } else {
        java.nio.file.Files.createFile(beside, PosixFilePermissions.asFileAttribute(permissions));
      }
      try (var out = java.nio.file.Files.newOutputStream(beside)) {
        content.writeTo(out);
      }
      java.nio.file.Files.move(
          beside, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      Failure failure = Failure.world("cannot write " + file + ": " + reason(e));
      try {
        // A full disk, mostly: what was written of it would keep it full.
        java.nio.file.Files.deleteIfExists(beside);
      } catch (IOException left) {
        failure.addSuppressed(left);
      }
      throw failure;
    }
  }

  /// The few words of an I/O exception that a person needs.
  static String reason(IOException e) {
    return switch (e) {
      case NoSuchFileException _ -> "no such file";
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
