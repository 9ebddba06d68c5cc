// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/// What the launcher runs once for each of its caches, so that the JDK's AOT cache knows the
/// classes of everyday commands: with the word `image` for those that make and judge images, else
/// for all others.
public final class StartupTraining {
  private final Path folder;
  private final List<List<String>> lines = new ArrayList<>();

  private StartupTraining(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] args) throws IOException {
    Path folder = java.nio.file.Files.createTempDirectory("sealift-training");
    try {
      Files.write(folder.resolve("app.bin"), Bytes.filled(300_000, 0x5a));
      StartupTraining training = new StartupTraining(folder);
      if (args.length == 1 && args[0].equals("image")) {
        training.images();
      } else {
        training.others();
      }
      training.run();
    } finally {
      Files.deleteFolder(folder);
    }
  }

  private void images() {
    line("--version");
    line("imgtool", "version");
    for (String type : List.of("ecdsa-p256", "ed25519", "rsa-2048")) {
      String key = file(type + ".pem");
      String publicKey = file(type + ".pub.pem");
      line("imgtool", "keygen", "-t", type, "-k", key);
      line("imgtool", "getpub", "-k", key, "-e", "pem", "-o", publicKey);
      line("imgtool", "verify", "-k", publicKey, imgtoolSigned(key));
      line("imgtool", "dumpinfo", file("signed.bin"));
      line("image", "verify", "--key", publicKey, signed(key));
      line("image", "show", file("image.bin"), "--json");
    }
  }

  private void others() {
    String key = file("k.pem");
    String publicKey = file("k.pub.pem");
    String rootKey = file("r.pem");
    String root = file("root.cbor");
    String release = file("image.sealift");
    line("--help");
    line("key", "new", key);
    line("key", "show", publicKey);
    line("image", "verify", "--key", publicKey, signed(key));
    line("key", "new", rootKey);
    line(
        "trust",
        "root",
        "make",
        "--root-key",
        file("r.pub.pem"),
        "--release",
        publicKey,
        "-o",
        root);
    line("release", "make", file("image.bin"), "--vendor", "a", "--class", "b", "-o", release);
    line("release", "sign", release, "--key", key);
    line("release", "show", release, "--root", root);
    line("release", "check", release, "--root", root, "--vendor", "a", "--class", "b");
    // Nobody listens there: the classes of the client are loaded all the same.
    line("device", "images", "--to", "udp://127.0.0.1:9");
  }

  private String signed(String key) {
    String image = file("image.bin");
    line(
        "image",
        "sign",
        "--key",
        key,
        "--version",
        "1.0.0",
        "--slot-size",
        "0x60000",
        "--pad-header",
        "--sequence",
        "1",
        file("app.bin"),
        image);
    return image;
  }

  private String imgtoolSigned(String key) {
    String image = file("signed.bin");
    line(
        "imgtool",
        "sign",
        "--key",
        key,
        "--version",
        "1.0.0",
        "--header-size",
        "0x200",
        "--slot-size",
        "0x60000",
        "--align",
        "4",
        "--pad-header",
        file("app.bin"),
        image);
    return image;
  }

  private String file(String name) {
    return folder.resolve(name).toString();
  }

  private void line(String... words) {
    lines.add(List.of(words));
  }

  private void run() {
    Console nowhere =
        new Console(
            new PrintStream(OutputStream.nullOutputStream()),
            new PrintStream(OutputStream.nullOutputStream()),
            Terminal.NONE);
    for (List<String> line : lines) {
      Main.run(nowhere, line.toArray(String[]::new));
    }
  }
}
