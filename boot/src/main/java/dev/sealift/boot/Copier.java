// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.ImageHeader;
import dev.sealift.image.encryption.ContentKey;
import java.util.Optional;

/// Copies flash in pieces as the real code has them, and encrypts or decrypts a body on the way
/// when one end of it is the primary slot: that holds plaintext, everything else ciphertext.
final class Copier {
  /// A copy is read and written in pieces of this size.
  static final int PIECE_MAX = 1024;

  private final SlotPair slots;
  private final Headers headers;
  private final ContentKeys keys;

  Copier(SlotPair slots, SwapWork work) {
    this.slots = slots;
    this.headers = work.headers();
    this.keys = work.keys();
  }

  /// Erases a sector and fills it from another.
  void sector(AreaAccess source, int from, AreaAccess target, int to) {
    sector(source, from, target, to, 0);
  }

  /// The body's offsets count from `shift` behind the start of the target.
  void sector(AreaAccess source, int from, AreaAccess target, int to, int shift) {
    int size = slots.sectorSize();
    target.eraseSector(to);
    copy(source, from * size, target, to * size, size, shift);
  }

  void copy(AreaAccess source, int from, AreaAccess target, int to, int length) {
    copy(source, from, target, to, length, 0);
  }

  private void copy(AreaAccess source, int from, AreaAccess target, int to, int length, int shift) {
    Optional<Cipher> cipher = cipher(source, target);
    for (int done = 0; done < length; done += PIECE_MAX) {
      Bytes piece = source.read(from + done, Math.min(PIECE_MAX, length - done));
      if (cipher.isPresent()) {
        piece = cipher.get().apply(piece, to + done - shift);
      }
      target.program(to + done, piece);
    }
  }

  private Optional<Cipher> cipher(AreaAccess source, AreaAccess target) {
    boolean fromPlain = isPrimary(source);
    if (fromPlain == isPrimary(target)) {
      return Optional.empty();
    }
    Slot slot = fromPlain ? Slot.PRIMARY : Slot.SECONDARY;
    return headers
        .of(slot)
        .header()
        .filter(ImageHeader::isEncrypted)
        .flatMap(header -> keys.of(slot).map(key -> new Cipher(key, header)));
  }

  private boolean isPrimary(AreaAccess area) {
    return area.area().equals(slots.config().area(slots.image(), Slot.PRIMARY));
  }

  /// Works on the body alone: header and TLVs are never encrypted.
  record Cipher(ContentKey key, ImageHeader header) {
    Bytes apply(Bytes piece, long at) {
      long from = Math.max(at, header.headerSize());
      long to = Math.min(at + piece.size(), header.tlvOffset());
      if (from >= to) {
        return piece;
      }
      int begin = (int) (from - at);
      int end = (int) (to - at);
      return Bytes.concat(
          piece.first(begin),
          key.apply(piece.slice(begin, end), from - header.headerSize()),
          piece.from(end));
    }
  }
}
