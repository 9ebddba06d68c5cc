// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.ImageFlag;
import dev.sealift.permit.AcceptedPermit;
import dev.sealift.permit.BlockTable;
import dev.sealift.permit.Check;
import dev.sealift.permit.Checks;
import dev.sealift.permit.Place;
import dev.sealift.permit.Release;
import dev.sealift.suit.SuitDigest;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// What a device can pass on of what it runs: read from its own flash, as long as its header and
/// TLVs say and not a byte more (T62), and only where that is exactly what its permit names (T63).
/// No key has any part in it.
final class Handout {
  /// One part of a release as a device has it.
  record Piece(Release.Part part, Bytes image, BlockTable table) {}

  /// What came of looking.
  sealed interface Found {
    record Ready(AcceptedPermit permit, List<Piece> pieces) implements Found {
      public Ready {
        pieces = List.copyOf(pieces);
      }
    }

    /// It cannot be passed on from here, and why, for people.
    record Cannot(String reason) implements Found {}
  }

  private Handout() {}

  static Found look(AcceptedPermit permit, List<Slots> images, Checks checks) {
    List<Piece> pieces = new ArrayList<>();
    for (Release.Part part : permit.release().parts()) {
      if (part.place().image() >= images.size()) {
        return new Found.Cannot("there is no " + part.place() + " here");
      }
      Slots slots = images.get(part.place().image());
      Optional<Slot> slot = slotOf(part.place(), slots);
      if (slot.isEmpty()) {
        // The variant for the other slot: it never was here, and whoever needs that one has to get
        // it elsewhere.
        continue;
      }
      Optional<Image> running = slots.image(slot.get());
      if (running.isEmpty()) {
        return new Found.Cannot("no image can be read in the slot of " + part.place());
      }
      Optional<String> changed = changedOnTheWay(running.get());
      if (checks.make(Check.FORMAT) && changed.isPresent()) {
        return new Found.Cannot(changed.get());
      }
      Bytes content = slots.content(slot.get());
      Bytes bytes =
          checks.make(Check.SIZE) ? content.first(Math.toIntExact(running.get().size())) : content;
      if (checks.make(Check.IMAGE_DIGEST) && !part.fileDigest().equals(SuitDigest.of(bytes))) {
        return new Found.Cannot(
            "what runs of %s is not what the permit names".formatted(part.place()));
      }
      pieces.add(new Piece(part, bytes, BlockTable.of(bytes)));
    }
    return pieces.isEmpty()
        ? new Found.Cannot("nothing of the permit runs here")
        : new Found.Ready(permit, pieces);
  }

  private static Optional<Slot> slotOf(Place place, Slots slots) {
    boolean isHere = place.slot().isEmpty() || Trust.place(slots, slots.running()).equals(place);
    return isHere ? Optional.of(slots.running()) : Optional.empty();
  }

  /// The bootloader decrypts and unpacks on the way into the slot: what lies there is no longer
  /// what was signed, and no neighbour could start it.
  private static Optional<String> changedOnTheWay(Image running) {
    if (running.header().has(ImageFlag.ENCRYPTED_AES128)
        || running.header().has(ImageFlag.ENCRYPTED_AES256)) {
      return Optional.of("the image was encrypted and lies here in clear: what was signed is gone");
    }
    if (running.header().has(ImageFlag.COMPRESSED_LZMA2)
        || running.header().has(ImageFlag.COMPRESSED_LZMA1)) {
      return Optional.of("the image was compressed and lies here unpacked");
    }
    return Optional.empty();
  }
}
