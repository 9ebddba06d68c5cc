// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import dev.sealift.bench.Subject.Yardstick;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/// Whole processes of ours against whole processes of MCUboot's imgtool, start-up and all: what a
/// build and a script wait for. A process that fails or takes minutes ends the measurement.
public final class ProcessSubjects {
  private static final int PAYLOAD_BYTES = 300 * 1024;
  private static final int BATCH = 100;
  private static final long MINUTES_MAX = 2;

  private final List<String> ours;
  private final List<String> imgtool;
  private final Path folder;

  private ProcessSubjects(List<String> ours, List<String> imgtool, Path folder) {
    this.ours = List.copyOf(ours);
    this.imgtool = List.copyOf(imgtool);
    this.folder = folder;
  }

  /// `ours` and `imgtool` are the words that start each, `folder` is empty and is filled. The
  /// yardstick of each subject is a process of imgtool.
  public static List<Subject> all(
      List<String> ours, List<String> imgtool, Path folder, SecureRandom random)
      throws IOException {
    ProcessSubjects processes = new ProcessSubjects(ours, imgtool, folder);
    byte[] payload = new byte[PAYLOAD_BYTES];
    random.nextBytes(payload);
    Files.write(folder.resolve("app.bin"), payload);
    List<Subject> all = new ArrayList<>();
    for (KeyType type : List.of(KeyType.ECDSA_P256, KeyType.ED25519, KeyType.RSA_2048)) {
      Files.writeString(folder.resolve(type + ".pem"), LocalKey.generate(type, random).exposePem());
      processes.run(processes.sign(ours("imgtool", ours), type, type + ".bin"));
      all.add(processes.signing(type));
      all.add(processes.verifying(type));
    }
    all.add(processes.batch());
    return all;
  }

  private static List<String> ours(String command, List<String> ours) {
    List<String> words = new ArrayList<>(ours);
    words.add(command);
    return words;
  }

  private Subject signing(KeyType type) {
    return new Subject(
        "sign-" + type,
        "a process that signs 300 KiB with " + type,
        Optional.empty(),
        Task.of(() -> run(sign(ours("imgtool", ours), type, "ours.bin"))),
        new Yardstick(
            "the same by imgtool", Task.of(() -> run(sign(imgtool, type, "theirs.bin")))));
  }

  private Subject verifying(KeyType type) {
    return new Subject(
        "verify-" + type,
        "a process that verifies 300 KiB with " + type,
        Optional.empty(),
        Task.of(() -> run(verify(ours("imgtool", ours), type))),
        new Yardstick("the same by imgtool", Task.of(() -> run(verify(imgtool, type)))));
  }

  private Subject batch() {
    List<String> words = ours("image", ours);
    words.addAll(List.of("verify", "--key", KeyType.ECDSA_P256 + ".pem"));
    String[] files = new String[BATCH];
    Arrays.fill(files, KeyType.ECDSA_P256 + ".bin");
    words.addAll(List.of(files));
    return new Subject(
        "verify-" + BATCH,
        "a process that verifies %d such images: at a ratio of 5, twenty times as fast an image"
            .formatted(BATCH),
        Optional.empty(),
        Task.of(() -> run(words)),
        new Yardstick(
            "imgtool verifying one", Task.of(() -> run(verify(imgtool, KeyType.ECDSA_P256)))));
  }

  private List<String> sign(List<String> tool, KeyType type, String output) {
    List<String> words = new ArrayList<>(tool);
    words.addAll(List.of("sign", "--key", type + ".pem", "--header-size", "0x200"));
    words.addAll(List.of("--slot-size", "0x80000", "--version", "1.2.3", "--pad-header"));
    words.addAll(List.of("app.bin", output));
    return words;
  }

  private List<String> verify(List<String> tool, KeyType type) {
    List<String> words = new ArrayList<>(tool);
    words.addAll(List.of("verify", "--key", type + ".pem", type + ".bin"));
    return words;
  }

  private int run(List<String> words) {
    try {
      Process process =
          new ProcessBuilder(words)
              .directory(folder.toFile())
              .redirectErrorStream(true)
              .redirectOutput(folder.resolve("output.txt").toFile())
              .start();
      if (!process.waitFor(MINUTES_MAX, TimeUnit.MINUTES)) {
        process.destroyForcibly();
        throw new IOException("it takes longer than two minutes");
      }
      if (process.exitValue() != 0) {
        throw new IOException(
            "exit code %d: %s"
                .formatted(
                    process.exitValue(), Files.readString(folder.resolve("output.txt")).strip()));
      }
      return process.exitValue();
    } catch (IOException e) {
      throw new UncheckedIOException(
          "%s: %s".formatted(String.join(" ", words.subList(0, 2)), e.getMessage()), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new UncheckedIOException(new IOException("interrupted", e));
    }
  }
}
