// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.BootMode;
import java.util.SplittableRandom;

/// Files that look like images to a server: the magic and noise.
public final class Samples {
  public static final LinkId LINK = new LinkId("test");

  private Samples() {}

  public static Bytes image(int size) {
    byte[] noise = new byte[size];
    new SplittableRandom(size).nextBytes(noise);
    Bytes.ofHex("3db8f396").copyTo(noise, 0);
    return Bytes.owning(noise);
  }

  /// What the servers of the tests say of themselves.
  public static final SystemFacts FACTS =
      SystemFacts.of(SystemFacts.Info.of("test"), BootMode.SWAP_MOVE);

  public static SmpServer.Setup setup(int bufferSize, int bufferCount) {
    return new SmpServer.Setup(bufferSize, bufferCount);
  }
}
