// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.dfu;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.ByteOrder;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/// Unpacks a deflated member, as far as it may go.
final class Inflated {
  private static final int CHUNK = 1 << 16;

  private Inflated() {}

  static Bytes of(String name, Bytes packed, int sizeMax) throws MalformedException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(packed.toBuffer());
      ByteWriter out = new ByteWriter(ByteOrder.LITTLE_ENDIAN);
      byte[] chunk = new byte[CHUNK];
      while (!inflater.finished()) {
        int count = inflater.inflate(chunk);
        if (count == 0 && !inflater.finished()) {
          throw new MalformedException(name + " is damaged: its packed data breaks off", 0);
        }
        out.bytes(Bytes.copyOf(chunk, 0, count));
        if (out.size() > sizeMax) {
          throw tooMuch(name);
        }
      }
      if (inflater.getRemaining() != 0) {
        throw new MalformedException(name + " has something behind its packed data", 0);
      }
      return out.toBytes();
    } catch (DataFormatException e) {
      throw new MalformedException(name + " is damaged: its data cannot be unpacked", 0, e);
    } finally {
      inflater.end();
    }
  }

  static MalformedException tooMuch(String name) {
    return new MalformedException(
        "%s is too large: at most %d MiB a file are taken, %d MiB in all"
            .formatted(name, DfuPackage.MEMBER_SIZE_MAX >> 20, DfuPackage.SIZE_MAX >> 20),
        0);
  }
}
