// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// How the image in the secondary slot is brought into the primary one: an implementation for each
/// mode, each with its steps in the order in which they touch flash.
sealed interface Exchange permits ScratchSwap, MoveSwap, OffsetSwap, Overwrite {
  static Exchange of(SlotPair slots) {
    return switch (slots.config().mode()) {
      case Mode.SwapScratch _ -> new ScratchSwap(slots);
      case Mode.SwapMove _ -> new MoveSwap(slots);
      case Mode.SwapOffset _ -> new OffsetSwap(slots);
      case Mode.Overwrite _ -> new Overwrite(slots);
      case Mode.DirectXip _, Mode.RamLoad _, Mode.SingleSlot _ ->
          throw new IllegalStateException("this mode brings nothing over");
    };
  }

  /// Whether the power failed during the last one.
  Interrupted interrupted();

  /// The trailer that holds the state of an interrupted one.
  Trailer statusTrailer();

  /// Where the headers are, which an interrupted swap may have moved.
  Headers headers(Interrupted state);

  /// Whether the bootloader looks further when the headers are like this.
  boolean canGoOn(Headers headers, Interrupted state);

  /// Does it, or what is left of it.
  void run(SwapWork work);

  /// Nothing that could be installed is in the secondary slot, though it was asked for: a trailer
  /// may be left without an image, as after a power cut while a refused image was being erased. It
  /// would be in the way of the next upload.
  void clearRequest(Interrupted state);
}
