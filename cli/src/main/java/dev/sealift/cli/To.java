// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.transport.SmpClient;
import dev.sealift.transport.Target;
import java.io.IOException;
import picocli.CommandLine.Option;

/// The device that a command speaks to.
final class To {
  static final String FORMS =
      "the device: udp://HOST[:PORT], dtls://HOST?psk-id=NAME&psk=FILE, serial:///dev/PORT, "
          + "uart:///dev/PORT or ble://NAME";

  @Option(names = "--to", paramLabel = "TARGET", required = true, description = FORMS)
  private String target = "";

  SmpClient open() throws IOException {
    try {
      return new SmpClient(Target.parse(target).open(), System::nanoTime);
    } catch (MalformedException e) {
      throw Failure.usage("--to: " + e.getMessage());
    }
  }
}
