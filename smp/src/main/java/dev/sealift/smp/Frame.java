// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

/// How much may be sent: the largest request in bytes (header and payload), and how many requests
/// may be outstanding at once.
public record Frame(int requestMax, int window) {
  /// What every server takes: the smallest default buffer of Zephyr, one request at a time.
  public static final Frame SAFE = new Frame(384, 1);

  /// The first chunk of an upload must hold the header of an image, so no server can do with less.
  public static final int REQUEST_MIN = 128;

  private static final int WINDOW_MAX = 64;

  public Frame {
    if (requestMax < REQUEST_MIN || requestMax > 0xffff || window < 1 || window > WINDOW_MAX) {
      throw new IllegalArgumentException(
          "no frame: requests of %d bytes, %d at once".formatted(requestMax, window));
    }
  }

  /// The same where a link carries no more than that.
  public Frame within(int linkMax) {
    return new Frame(Math.clamp(linkMax, REQUEST_MIN, requestMax), window);
  }

  /// From what a server says of its buffers and what the link carries, whatever that is. The server
  /// needs one buffer for its answer, so one fewer than it has may be outstanding.
  public static Frame of(Os.ParametersReply parameters, int linkMax) {
    long request = Math.min(parameters.bufferSize(), linkMax);
    int buffers = Math.clamp(parameters.bufferCount(), 2, WINDOW_MAX + 1);
    return new Frame(Math.clamp(request, REQUEST_MIN, 0xffff), buffers - 1);
  }
}
