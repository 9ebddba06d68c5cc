// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

/// One way in which a server differs from Zephyr's of today. A [Mood] is made of them.
public enum Trait {
  /// Knows no versions: ignores the bits, answers version 1, never says that one is too new.
  VERSION_1,
  /// Speaks version 1, whatever the header says, and sends the header's version back.
  VERSION_ECHOED,
  /// Answers with maps of definite length.
  DEFINITE_MAPS,
  /// Says `rc` 0 beside the offset of an upload.
  ZERO_CODE_IN_UPLOADS,
  /// Says `rc` 0 beside statistics.
  ZERO_CODE_IN_STATISTICS,
  /// Says `rc` 0 where it has nothing else to say.
  ZERO_CODE_ALONE,
  /// Gives an empty text for an echo that is longer than its buffer.
  ECHO_SHORT,
  /// Takes a read for a write and the other way round where only one of them exists.
  READ_IS_WRITE,
  /// Several requests in one datagram stand at multiples of four.
  PADDED,
  /// Takes no more than 512 bytes of a file in one chunk.
  CHUNKS_OF_512,
  /// Refuses a `sha` of 32 bytes that stands before the data.
  SHA_BEHIND_DATA,
  /// Refuses a chunk that belongs to no upload, instead of answering with offset 0.
  NEEDS_SESSION,
  /// Cuts a chunk down to whole units of flash and answers with the smaller offset.
  CUTS_UNALIGNED,
  /// Erases the whole slot at the first chunk.
  ERASES_AT_ONCE,
  /// Takes any bytes for an image.
  ANY_BYTES,
  /// A first chunk always begins anew.
  NO_RESUME,
  /// Tells of a slot no more than its number, its hash and its version.
  BARE_SLOTS,
  /// Answers with the offset unchanged while its storage is busy, instead of saying so.
  BUSY_IN_SILENCE,
  /// Looks at the slot first: a file that lies there already is not sent again, and at the end says
  /// whether the whole has the digest that was announced.
  CHECKS_IMAGE
}
