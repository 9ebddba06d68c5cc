// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.FilesError;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Files in memory below one mount point, all together no larger than their partition.
public final class MemoryFiles implements FileStore {
  private static final int NAME_MAX = 64;
  private static final int FILES_MAX = 256;

  private final String mountPoint;
  private final long partitionSize;
  private final Map<String, Bytes> files = new LinkedHashMap<>();

  /// `mountPoint` such as `/lfs1`.
  public MemoryFiles(String mountPoint, long partitionSize) {
    this.mountPoint = mountPoint;
    this.partitionSize = partitionSize;
  }

  @Override
  public Look look(String name) {
    if (!name.startsWith("/") || name.length() > NAME_MAX) {
      return new Look.Barred(FilesError.BAD_NAME);
    }
    if (name.equals(mountPoint) || name.equals(mountPoint + "/")) {
      return new Look.Barred(FilesError.IS_DIRECTORY);
    }
    if (!name.startsWith(mountPoint + "/")) {
      return new Look.Barred(FilesError.NO_MOUNT_POINT);
    }
    Bytes content = files.get(name);
    return content == null ? new Look.Missing() : new Look.File(content.size());
  }

  @Override
  public Optional<Bytes> read(String name, long offset, int size) {
    return Optional.ofNullable(files.get(name))
        .map(content -> content.slice((int) offset, (int) Math.min(content.size(), offset + size)));
  }

  @Override
  public Optional<FilesError> write(String name, long offset, Bytes data) {
    Bytes before = offset == 0 ? Bytes.EMPTY : files.getOrDefault(name, Bytes.EMPTY);
    long others =
        files.entrySet().stream()
            .filter(file -> !file.getKey().equals(name))
            .mapToLong(file -> file.getValue().size())
            .sum();
    boolean isNew = !files.containsKey(name);
    if (others + before.size() + data.size() > partitionSize
        || (isNew && files.size() >= FILES_MAX)) {
      return Optional.of(FilesError.WRITE);
    }
    files.put(name, before.plus(data));
    return Optional.empty();
  }
}
