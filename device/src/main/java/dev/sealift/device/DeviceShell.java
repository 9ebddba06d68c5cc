// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.image.Image;
import dev.sealift.smp.server.ShellService;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// The few commands of a virtual device's shell, worded as Zephyr words them.
record DeviceShell(Supplier<Optional<Image>> image, Uptime uptime)
    implements ShellService.Commands {
  private static final long UNKNOWN = -8;

  @Override
  public ShellService.Outcome run(List<String> words) {
    return switch (String.join(" ", words)) {
      case "help" -> said("Available commands:\r\n  help\r\n  kernel version|uptime\r\n  image");
      case "kernel version" -> said("Zephyr version 4.4.0");
      case "kernel uptime" -> said("Uptime: %d ms".formatted(uptime.now().toMillis()));
      case "image" ->
          said(
              image
                  .get()
                  .map(running -> "running image " + running.version())
                  .orElse("no image can be read"));
      default ->
          new ShellService.Outcome(
              "\r\n\u001b[1;31m" + words.getFirst() + ": command not found\r\n\u001b[m", UNKNOWN);
    };
  }

  private static ShellService.Outcome said(String text) {
    return new ShellService.Outcome("\r\n" + text + "\r\n", 0);
  }
}
