// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import dev.sealift.testkit.Tool;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// A real `dbus-daemon` of our own: its own configuration, its own socket in a folder of its own.
/// Like the bus of a system it lets only its owner in; unlike it, anybody on it may own any name.
public final class PrivateBus implements AutoCloseable {
  private final Path folder;
  private final Process daemon;
  private final String address;

  private PrivateBus(Path folder, Process daemon, String address) {
    this.folder = folder;
    this.daemon = daemon;
    this.address = address;
  }

  /// Nothing, and one line, where this machine has no `dbus-daemon`.
  public static Optional<PrivateBus> start() {
    return Tool.find("dbus-daemon", "dbus").map(PrivateBus::started);
  }

  private static PrivateBus started(Tool tool) {
    try {
      Path folder = Files.createTempDirectory("sealift-bus");
      Path configuration =
          Files.writeString(
              folder.resolve("bus.conf"),
              """
              <!DOCTYPE busconfig PUBLIC "-//freedesktop//DTD D-Bus Bus Configuration 1.0//EN"
                "http://www.freedesktop.org/standards/dbus/1.0/busconfig.dtd">
              <busconfig>
                <type>system</type>
                <listen>unix:path=%s</listen>
                <auth>EXTERNAL</auth>
                <policy context="default">
                  <allow send_destination="*"/>
                  <allow receive_sender="*"/>
                  <allow own="*"/>
                </policy>
              </busconfig>
              """
                  .formatted(folder.resolve("socket")));
      Process daemon =
          new ProcessBuilder(
                  List.of(
                      tool.program().toString(),
                      "--config-file=" + configuration,
                      "--nofork",
                      "--print-address"))
              .redirectError(folder.resolve("log").toFile())
              .start();
      // It prints its address once it listens.
      BufferedReader out = daemon.inputReader();
      String address = out.readLine();
      if (address == null) {
        throw new IOException("no bus: " + Files.readString(folder.resolve("log")));
      }
      return new PrivateBus(folder, daemon, address);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public String address() {
    return address;
  }

  @Override
  public void close() {
    daemon.destroy();
    try {
      daemon.waitFor();
      try (Stream<Path> files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }
}
