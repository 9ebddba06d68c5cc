// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import dev.sealift.bytes.Bytes;
import java.util.Locale;
import java.util.OptionalLong;

/// The content of a file as it lies in flash, and the address where it begins if the file says so:
/// Intel HEX does, which is told by the name of the file.
record ImageFile(Bytes content, OptionalLong address) {
  static boolean isHex(String name) {
    return name.toLowerCase(Locale.ROOT).endsWith(".hex");
  }

  static ImageFile read(String name, Folder folder) throws RefusedException {
    if (isHex(name)) {
      throw RefusedException.failed("cannot read " + name + ": Intel HEX is not read yet");
    }
    return new ImageFile(folder.read(name), OptionalLong.empty());
  }
}
