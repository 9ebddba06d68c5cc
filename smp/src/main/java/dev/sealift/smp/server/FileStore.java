// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.FilesError;
import java.util.Optional;

/// The files of a device, as the files group of its server needs them. Names come from the other
/// side of a link: a store finds only what is its own under them.
public interface FileStore {
  /// What stands under a name.
  sealed interface Look {
    record File(long length) implements Look {}

    /// Nothing yet; one may be made.
    record Missing() implements Look {}

    /// No file, and none can be made: why.
    record Barred(FilesError error) implements Look {}
  }

  Look look(String name);

  /// Up to `size` bytes of a file that is there, from `offset` on, which is no further than its
  /// end; empty where they cannot be read.
  Optional<Bytes> read(String name, long offset, int size);

  /// Makes a file anew with these bytes, or writes them at the end of one; what went wrong.
  Optional<FilesError> write(String name, long offset, Bytes data);
}
