// SPDX-License-Identifier: Apache-2.0

/// Bytes as values. [Bytes][dev.sealift.bytes.Bytes] is immutable and compares by content,
/// [Secret][dev.sealift.bytes.Secret] prints nothing and compares in constant time;
/// [ByteReader][dev.sealift.bytes.ByteReader] and [ByteWriter][dev.sealift.bytes.ByteWriter] read
/// and write fields of either byte order with every bound checked.
@NullMarked
package dev.sealift.bytes;

import org.jspecify.annotations.NullMarked;
