// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// SoftHSM, a PKCS#11 token in software. Its library runs inside the JVM that uses it and finds its
/// tokens by the environment variable `SOFTHSM2_CONF` alone, so the room's pom sets that one.
/// Tokens and keys are to be made before the library is first used.
public record SoftHsm(Path library, Tool util) {
  public static final String PIN = "1234";

  private static final String CONFIGURATION = "SOFTHSM2_CONF";

  private static final List<Path> LIBRARIES =
      List.of(
          Path.of("/usr/lib/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/x86_64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib/aarch64-linux-gnu/softhsm/libsofthsm2.so"),
          Path.of("/usr/lib64/softhsm/libsofthsm2.so"),
          Path.of("/usr/local/lib/softhsm/libsofthsm2.so"),
          Path.of("/opt/homebrew/lib/softhsm/libsofthsm2.so"));

  /// With no tokens yet; nothing if SoftHSM is not there.
  public static Optional<SoftHsm> start() throws IOException {
    Optional<Tool> util = Tool.find("softhsm2-util", "softhsm2");
    if (util.isEmpty()) {
      return Optional.empty();
    }
    Optional<Path> library = LIBRARIES.stream().filter(Files::isRegularFile).findFirst();
    if (library.isEmpty()) {
      return Tool.missing("libsofthsm2.so", "softhsm2");
    }
    String configuration = System.getenv(CONFIGURATION);
    if (configuration == null) {
      throw new IllegalStateException("the room's pom does not set " + CONFIGURATION);
    }
    Path folder = Path.of(configuration).resolveSibling(".").normalize();
    emptied(folder);
    Path tokens = Files.createDirectories(folder.resolve("tokens"));
    Files.writeString(
        Path.of(configuration),
        "directories.tokendir = %s\nobjectstore.backend = file\nlog.level = ERROR\n"
            .formatted(tokens));
    return Optional.of(new SoftHsm(library.get(), util.get()));
  }

  private static void emptied(Path folder) throws IOException {
    if (Files.exists(folder)) {
      try (Stream<Path> all = Files.walk(folder)) {
        for (Path path : all.sorted(Collections.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }

  public void token(String label) throws IOException {
    run("--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", "5678");
  }

  /// Both halves of a key in plain PKCS#8. `id` is hexadecimal.
  public void key(String token, String label, String id, Path pem) throws IOException {
    run("--import", pem.toString(), "--token", token, "--label", label, "--id", id, "--pin", PIN);
  }

  private void run(String... arguments) throws IOException {
    List<String> words = new ArrayList<>(List.of(util.program().toString()));
    words.addAll(List.of(arguments));
    Process process = new ProcessBuilder(words).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    try {
      if (process.waitFor() != 0) {
        throw new IOException("%s: %s".formatted(String.join(" ", words), said));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /// The URI of a key, and of where its library is.
  public String uri(String attributes) {
    return "pkcs11:%s?module-path=%s".formatted(attributes, library);
  }
}
