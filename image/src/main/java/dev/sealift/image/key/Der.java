// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.key;

import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.math.BigInteger;
import java.nio.ByteOrder;

/// The little of DER that keys and ECDSA signatures need. The reader takes only definite, shortest
/// lengths and shortest, non-negative integers.
final class Der {
  static final int INTEGER = 0x02;
  static final int BIT_STRING = 0x03;
  static final int OCTET_STRING = 0x04;
  static final int NULL = 0x05;
  static final int OID = 0x06;
  static final int SEQUENCE = 0x30;
  static final int CONTEXT_0 = 0xa0;
  static final int CONTEXT_1 = 0xa1;

  private Der() {}

  static Bytes element(int tag, Bytes... contents) {
    Bytes content = Bytes.concat(contents);
    ByteWriter out = new ByteWriter(ByteOrder.BIG_ENDIAN).u8(tag);
    int size = content.size();
    if (size < 0x80) {
      out.u8(size);
    } else if (size < 0x100) {
      out.u8(0x81).u8(size);
    } else {
      out.u8(0x82).u16(size);
    }
    return out.bytes(content).toBytes();
  }

  static Bytes integer(BigInteger value) {
    return element(INTEGER, Bytes.of(value.toByteArray()));
  }

  static Bytes bitString(Bytes content) {
    return element(BIT_STRING, Bytes.of((byte) 0), content);
  }

  /// Reads one element after the other.
  static final class Reader {
    private final Bytes bytes;
    private final String what;
    private int at;

    Reader(Bytes bytes, String what) {
      this.bytes = bytes;
      this.what = what;
    }

    boolean isNext(int tag) {
      return at < bytes.size() && bytes.at(at) == tag;
    }

    boolean isAtEnd() {
      return at == bytes.size();
    }

    void end() throws MalformedException {
      if (!isAtEnd()) {
        throw fault("too many bytes behind its end: " + (bytes.size() - at));
      }
    }

    Bytes take(int tag) throws MalformedException {
      if (!isNext(tag)) {
        throw fault("expected DER tag %02x".formatted(tag));
      }
      int size = byteAt(at + 1);
      int start = at + 2;
      if (size >= 0x80) {
        int count = size & 0x7f;
        if (count < 1 || count > 2) {
          throw fault("DER length is not of one or two bytes");
        }
        size = 0;
        for (int i = 0; i < count; i++) {
          size = size << 8 | byteAt(start++);
        }
        if (size < (count == 1 ? 0x80 : 0x100)) {
          throw fault("DER length is longer than needed");
        }
      }
      if (size > bytes.size() - start) {
        throw fault("DER element is cut off");
      }
      at = start + size;
      return bytes.slice(start, at);
    }

    Reader enter(int tag) throws MalformedException {
      return new Reader(take(tag), what);
    }

    BigInteger integer() throws MalformedException {
      Bytes value = take(INTEGER);
      boolean shortest =
          value.size() == 1 || (value.size() > 1 && (value.at(0) != 0 || value.at(1) >= 0x80));
      if (!shortest || value.at(0) >= 0x80) {
        throw fault("DER integer is not shortest or is negative");
      }
      return new BigInteger(1, value.toArray());
    }

    Bytes bitString() throws MalformedException {
      Bytes value = take(BIT_STRING);
      if (value.isEmpty() || value.at(0) != 0) {
        throw fault("DER bit string is not of whole bytes");
      }
      return value.from(1);
    }

    MalformedException fault(String sentence) {
      return new MalformedException(what + ": " + sentence, at);
    }

    private int byteAt(int index) throws MalformedException {
      if (index >= bytes.size()) {
        throw fault("DER element is cut off");
      }
      return bytes.at(index);
    }
  }
}
