// SPDX-License-Identifier: Apache-2.0

/// Intel HEX: bytes with addresses, as text.
///
/// ```
/// file   = record* end             lines end with LF or CR LF, digits in either case
/// record = ':' count address type data checksum     all in hex; the sum of all bytes is 0
/// type   = 00 data   01 end   02 segment base   03 start CS:IP   04 upper 16 bits   05 start
/// ```
///
/// A [HexFile][dev.sealift.image.hex.HexFile] is what the records say together: segments in the
/// order of their addresses, none touching another, and where to start. Many texts say the same;
/// one of them is written, the one that imgtool writes. A text that says anything twice, or leaves
/// off before its end, is refused. [HexImage][dev.sealift.image.hex.HexImage] is an MCUboot image
/// laid down in this way.
@NullMarked
package dev.sealift.image.hex;

import org.jspecify.annotations.NullMarked;
