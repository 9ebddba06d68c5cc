// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.List;

/// The line buffers of a server's console. What comes in one go stands for what comes while the
/// server does not get at its lines: as many as there are buffers for are taken, the others and
/// those that are too long are lost, as on a device.
final class LineBuffers {
  private final int lineMax;
  private final int count;
  private final ByteArrayOutputStream begun = new ByteArrayOutputStream();
  private boolean isTooLong;
  private long lost;

  LineBuffers(ConsoleManners manners) {
    this.lineMax = manners.lineMax();
    this.count = manners.lineBuffers();
  }

  /// The lines that end in these bytes and found a buffer.
  List<Bytes> take(Bytes burst) {
    List<Bytes> lines = new ArrayList<>();
    for (int i = 0; i < burst.size(); i++) {
      int now = burst.at(i);
      isTooLong |= begun.size() == lineMax;
      if (!isTooLong) {
        begun.write(now);
      }
      if (now == '\n') {
        if (isTooLong || lines.size() == count) {
          lost++;
        } else {
          lines.add(Bytes.owning(begun.toByteArray()));
        }
        begun.reset();
        isTooLong = false;
      }
    }
    return lines;
  }

  long lost() {
    return lost;
  }
}
