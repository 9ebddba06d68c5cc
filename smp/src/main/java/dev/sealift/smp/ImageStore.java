// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/// The slots of a device, as the image group of its server needs them. Calls that touch flash may
/// throw what the flash throws when the power fails; the server lets it through.
public interface ImageStore {
  /// What lies in the slots; empty ones are left out, as real servers do.
  List<Images.Slot> slots();

  /// The sizes of all slots.
  Images.SlotsReply sizes();

  /// Whether an upload may begin: the target slot is not pending and not what a revert needs.
  Optional<ImageError> uploadRefusal();

  /// The largest file an upload may bring, in bytes.
  long uploadSizeMax();

  /// How the version in this image header compares with the running one, build number aside:
  /// negative is older.
  int compareWithRunning(Bytes header);

  /// A new upload begins; nothing is erased before the first bytes come.
  void begin();

  /// An upload goes on whose first `offset` bytes lie in the slot; they stay as they are. Only for
  /// an offset from which this store can go on.
  void resume(long offset);

  /// The next bytes. May wait in memory until a page is whole.
  void append(Bytes data);

  /// Back to `offset`, which lies in the page that waits in memory.
  void rewind(long offset);

  /// All bytes are there.
  void finish();

  /// Asks for the image with this digest to boot, or for the running one to stay.
  Optional<ImageError> mark(Mark mark);

  /// Erases a slot.
  Optional<ImageError> erase(long slot);

  /// What a state write asks for.
  sealed interface Mark {
    record Test(Bytes hash) implements Mark {}

    record Permanent(Bytes hash) implements Mark {}

    record ConfirmRunning() implements Mark {}
  }
}
