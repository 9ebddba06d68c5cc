// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;

/// What the launcher runs once so that the JDK's AOT cache knows the classes of everyday commands.
public final class StartupTraining {
  private StartupTraining() {}

  public static void main(String[] args) throws IOException {
    Path folder = java.nio.file.Files.createTempDirectory("sealift-training");
    try {
      Files.write(folder.resolve("app.bin"), Bytes.filled(10_000, 0x5a));
      String key = folder.resolve("k.pem").toString();
      String publicKey = folder.resolve("k.pub.pem").toString();
      String imgtoolKey = folder.resolve("i.pem").toString();
      String rootKey = folder.resolve("r.pem").toString();
      String image = folder.resolve("image.bin").toString();
      String root = folder.resolve("root.cbor").toString();
      String release = folder.resolve("image.sealift").toString();
      List<List<String>> everyday =
          List.of(
              List.of("--version"),
              List.of("--help"),
              List.of("key", "new", key),
              List.of("key", "show", publicKey),
              List.of(
                  "image",
                  "sign",
                  "--key",
                  key,
                  "--version",
                  "1.0.0",
                  "--slot-size",
                  "0x20000",
                  "--pad-header",
                  "--sequence",
                  "1",
                  folder.resolve("app.bin").toString(),
                  image),
              List.of("image", "verify", "--key", publicKey, image),
              List.of("image", "show", image, "--json"),
              List.of("imgtool", "version"),
              List.of("imgtool", "keygen", "-t", "ed25519", "-k", imgtoolKey),
              List.of("imgtool", "getpub", "-k", imgtoolKey),
              imgtoolSign(key, folder),
              List.of("imgtool", "verify", "-k", publicKey, signed(folder)),
              imgtoolSign(imgtoolKey, folder),
              List.of("imgtool", "verify", "-k", imgtoolKey, signed(folder)),
              List.of("imgtool", "dumpinfo", signed(folder)),
              List.of("key", "new", rootKey),
              List.of(
                  "trust",
                  "root",
                  "make",
                  "--root-key",
                  folder.resolve("r.pub.pem").toString(),
                  "--release",
                  publicKey,
                  "-o",
                  root),
              List.of("release", "make", image, "--vendor", "a", "--class", "b", "-o", release),
              List.of("release", "sign", release, "--key", key),
              List.of("release", "show", release, "--root", root),
              List.of("release", "check", release, "--root", root, "--vendor", "a", "--class", "b"),
              // Nobody listens there: the classes of the client are loaded all the same.
              List.of("device", "images", "--to", "udp://127.0.0.1:9"));
      Console nowhere =
          new Console(
              new PrintStream(OutputStream.nullOutputStream()),
              new PrintStream(OutputStream.nullOutputStream()),
              Terminal.NONE);
      for (List<String> command : everyday) {
        Main.run(nowhere, command.toArray(String[]::new));
      }
    } finally {
      Files.deleteFolder(folder);
    }
  }

  private static List<String> imgtoolSign(String key, Path folder) {
    return List.of(
        "imgtool",
        "sign",
        "--key",
        key,
        "--version",
        "1.0.0",
        "--header-size",
        "0x200",
        "--slot-size",
        "0x20000",
        "--align",
        "4",
        "--pad-header",
        folder.resolve("app.bin").toString(),
        signed(folder));
  }

  private static String signed(Path folder) {
    return folder.resolve("signed.bin").toString();
  }
}
