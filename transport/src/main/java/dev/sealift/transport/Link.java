// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A way to one device that carries whole packets, any of which may be lost, doubled or late. Used
/// by one thread at a time.
public interface Link extends Closeable {
  /// The device, as a person names it.
  String target();

  /// The largest packet that gets through, in bytes.
  int packetMax();

  /// How much of a server's buffer the wire itself takes beside a packet.
  default int wireBytes() {
    return 0;
  }

  /// The largest packet that gets through in one piece. A larger one reaches only a device that
  /// puts pieces together, which not every device does where a wire has pieces.
  default int pieceMax() {
    return packetMax();
  }

  /// What a person should know about this link: what was found, and what had to be assumed.
  default List<String> remarks() {
    return List.of();
  }

  void send(Bytes packet) throws IOException;

  /// The next packet, or nothing when none came in that time.
  Optional<Bytes> receive(Duration patience) throws IOException;
}
