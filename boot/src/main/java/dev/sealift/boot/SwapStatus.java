// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.boot.BootPolicy.PrimaryCheck;

/// What every swap writes beside the images: the trailer it begins with, and an entry for each step
/// done.
record SwapStatus(SlotPair slots) {
  /// Move and offset: a magic in the primary slot, no copy_done, and no magic in the secondary one
  /// is a swap under way.
  Interrupted interruptedInPrimary() {
    Trailer trailer = slots.trailer(Slot.PRIMARY);
    TrailerState first = trailer.read();
    TrailerState second = slots.trailer(Slot.SECONDARY).read();
    if (first.magic() != Mark.GOOD
        || first.copyDone() != Mark.UNSET
        || second.magic() == Mark.GOOD) {
      return new Interrupted.No();
    }
    return Interrupted.in(trailer, trailer.statusEntries());
  }

  /// Fills a trailer that was erased, the magic last: without it nothing else counts. What was
  /// asked for permanently gets its image_ok at once.
  void write(Trailer trailer, SwapWork work) {
    boolean stays = slots.trailer(Slot.SECONDARY).read().imageOk() == Mark.GOOD;
    if (work.type() != SwapType.NONE.code()) {
      trailer.writeSwapInfo(work.type(), slots.image());
    }
    if (stays) {
      trailer.writeImageOk();
    }
    trailer.writeSwapSize(work.swapSize());
    if (slots.config().mode() instanceof Mode.SwapOffset) {
      trailer.writeTlvSizes(work.tlvSizes());
    }
    writeKeys(trailer, work.keys());
    trailer.writeMagic();
  }

  void writeKeys(Trailer trailer, ContentKeys keys) {
    if (slots.config().policy().decryption() instanceof Decryption.With with) {
      for (Slot slot : Slot.values()) {
        trailer.writeKey(slot, keys.kept(slot, with));
      }
    }
  }

  /// A status entry that cannot be written is missed only if the power fails. The real code goes on
  /// without it where the image will be validated before it starts, and stops otherwise.
  void step(Trailer trailer, int entry, int value) {
    try {
      trailer.writeStatus(entry, value);
    } catch (FlashException e) {
      tolerate(e);
    }
  }

  void tolerate(FlashException e) {
    if (slots.config().policy().primaryCheck() == PrimaryCheck.MAGIC_ONLY) {
      throw e;
    }
  }
}
