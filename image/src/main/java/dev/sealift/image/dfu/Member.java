// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import dev.sealift.bytes.Bytes;

/// A file in an archive.
public record Member(String name, Bytes content) {}
