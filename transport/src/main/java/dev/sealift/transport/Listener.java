// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import java.io.Closeable;

/// The device's end of a wire: takes requests into the server's buffers and serves them one at a
/// time. Once it is closed, the server is not called any more.
public sealed interface Listener extends Closeable
    permits UdpListener, SerialListener, DtlsListener {
  /// How a client names it.
  Target target();

  /// Requests that found no buffer since the start.
  long dropped();

  @Override
  void close();
}
