// SPDX-License-Identifier: Apache-2.0

/// The payload of a compressed image:
///
/// ```
/// payload = dictionary properties LZMA2-stream      no xz container around it
/// dictionary = code i: (2 | i & 1) << (i / 2 + 11) bytes
/// properties = (pb * 5 + lp) * 9 + lc
/// ```
///
/// Whether what comes out is the right program is for the image's own TLVs to say.
@NullMarked
package dev.sealift.image.compression;

import org.jspecify.annotations.NullMarked;
