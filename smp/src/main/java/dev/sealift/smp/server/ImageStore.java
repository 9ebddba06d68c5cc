// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import java.util.List;
import java.util.Optional;

/// The slots of a device, as the image group of its server needs them, image by image. Calls
/// that touch flash may throw what the flash throws when the power fails; the server lets it
/// through.
public interface ImageStore {
  /// How many images the device has. Their numbers count from 0, the one that runs the server.
  int images();

  /// What lies in the slots; empty ones are left out, as real servers do.
  List<Images.Slot> slots();

  /// The sizes of all slots.
  Images.SlotsReply sizes();

  /// Whether an upload may begin: the target slot is not pending and not what a revert needs.
  Optional<ImageError> uploadRefusal(int image);

  /// The largest file an upload may bring, in bytes.
  long uploadSizeMax(int image);

  /// How the version in this image header compares with the one that runs the server, build number
  /// aside: negative is older.
  int compareWithRunning(Bytes header);

  /// Whether the storage can take bytes just now; some need a while for themselves.
  default Readiness readiness() {
    return Readiness.READY;
  }

  /// How many bytes its flash takes at once: shorter ends wait for more, or are cut off.
  default int writeUnit() {
    return 1;
  }

  /// The digest over the first `length` bytes of the slot that an upload goes to, if they are
  /// there.
  default Optional<Bytes> digest(int image, long length) {
    return Optional.empty();
  }

  /// A new upload begins. Erasing lazily, nothing is erased before the first bytes come.
  void begin(int image, Erasing erasing);

  /// An upload goes on whose first `offset` bytes lie in the slot; they stay as they are. Only for
  /// an offset from which this store can go on.
  void resume(int image, long offset);

  /// The next bytes. May wait in memory until a page is whole.
  void append(Bytes data);

  /// Back to `offset`, which lies in the page that waits in memory.
  void rewind(long offset);

  /// All bytes are there.
  void finish();

  /// Asks for the file with this digest to boot, or for the one in use to stay.
  Optional<ImageError> mark(Mark mark);

  /// Erases a slot. Those of image n have the numbers 2n and 2n + 1.
  Optional<ImageError> erase(long slot);

  /// What a state write asks for.
  sealed interface Mark {
    record Test(Bytes hash) implements Mark {}

    record Permanent(Bytes hash) implements Mark {}

    /// What is in use of that image stays.
    record Confirm(int image) implements Mark {}
  }

  /// Whether bytes can be taken.
  enum Readiness {
    READY,
    BUSY
  }

  /// When the slot of an upload is erased.
  enum Erasing {
    /// Page by page, when the bytes for it come.
    LAZY,
    /// All of it, before the first byte is taken.
    AT_ONCE
  }
}
