// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import static dev.sealift.keys.Samples.MESSAGE;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.curve.Curve;
import dev.sealift.image.key.EcdsaSignature;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.image.key.SignatureCheck;
import dev.sealift.image.key.SigningKey;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// The commands here are lines of the shell: they keep what they were given, and answer with what
/// lies in a file.
class CommandHolderTest {
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  @TempDir private Path folder;

  private Signer command(String line, LocalKey key, Duration patience) throws Exception {
    return new Signers(PasswordSource.none(), Samples.RANDOM, patience, Signers.Ecdsa.EVEN)
        .open(
            new KeyPlace.BehindCommand(List.of("/bin/sh", "-c", "cd '" + folder + "'; " + line)),
            Optional.of(PublicHalf.of(key.publicKey())));
  }

  private void answers(Bytes signature) throws IOException {
    Files.write(folder.resolve("answer"), signature.toArray());
  }

  @ParameterizedTest
  @EnumSource
  void a_command_signs_what_it_is_given(KeyType type) throws Exception {
    LocalKey key = Samples.key(type);
    answers(key.signing(Samples.RANDOM).sign(MESSAGE));
    try (Signer signer = command("cat > seen; cat answer", key, PATIENCE)) {
      SigningKey signing = signer.forImages();
      assertThat(signing.publicKey().check(MESSAGE, signing.sign(MESSAGE)))
          .isEqualTo(new SignatureCheck.Genuine());
    }
    assertThat(Files.readAllBytes(folder.resolve("seen"))).isEqualTo(MESSAGE.toArray());
  }

  @Test
  void ecdsa_is_taken_in_either_form_and_handed_out_as_wanted() throws Exception {
    LocalKey key = Samples.key(KeyType.ECDSA_P256);
    Bytes der = key.signing(Samples.RANDOM).sign(MESSAGE);
    Bytes raw = EcdsaSignature.ofDer(Curve.P256, der).toRaw();
    for (Bytes answer : List.of(der, raw)) {
      answers(answer);
      try (Signer signer = command("cat answer", key, PATIENCE)) {
        assertThat(signer.forImages().sign(MESSAGE)).isEqualTo(der);
        assertThat(signer.forPermits().sign(MESSAGE)).isEqualTo(raw);
      }
    }
  }

  @Test
  void a_large_message_is_fed_whole_and_need_not_be_read() throws Exception {
    LocalKey key = Samples.key(KeyType.ED25519);
    Bytes large = Bytes.filled(3_000_000, 7);
    answers(key.signing(Samples.RANDOM).sign(large));
    try (Signer reading = command("cat > seen; cat answer", key, PATIENCE);
        Signer ignoring = command("cat answer", key, PATIENCE)) {
      reading.forImages().sign(large);
      assertThat(Files.size(folder.resolve("seen"))).isEqualTo(3_000_000);
      ignoring.forImages().sign(large);
    }
  }

  @Test
  void a_command_that_fails_is_quoted() throws Exception {
    answers(Samples.key(KeyType.ED25519).signing(Samples.RANDOM).sign(MESSAGE));
    refused("cat answer; exit 3", "did not sign: exit code 3");
    refused(
        "printf 'no card\\033[31m\\nin the reader' >&2; exit 1",
        "did not sign: exit code 1: no card[31m in the reader");
    refused("yes complaint | head -c 5000000 >&2; exit 1", "exit code 1: complaint complaint");
    refused("true", "its answer of 0 bytes is no signature by");
    refused("cat answer answer", "its answer of 128 bytes is no signature by");
    refused("cat /dev/zero", "more than 16384 bytes came back");
    refused("kill -9 $$", "exit code 137");
  }

  private void refused(String line, String sentence) throws Exception {
    try (Signer signer = command(line, Samples.key(KeyType.ED25519), PATIENCE)) {
      assertThatThrownBy(() -> signer.forImages().sign(MESSAGE))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining(sentence)
          .hasMessageContaining("cmd:/bin/sh");
    }
  }

  @Test
  void a_command_that_hangs_is_given_up_and_ended_with_all_it_started() throws Exception {
    LocalKey key = Samples.key(KeyType.ED25519);
    String line = "echo $$ > pid; sleep 3600 & echo $! > child; wait";
    try (Signer signer = command(line, key, Duration.ofMillis(1500))) {
      assertThatThrownBy(() -> signer.forImages().sign(MESSAGE))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("no answer within 1500 ms");
    }
    // On a machine so busy that the shell had not begun, there is nothing to look at.
    for (String name : List.of("pid", "child")) {
      Path file = folder.resolve(name);
      String pid = Files.exists(file) ? Files.readString(file).strip() : "";
      if (!pid.isEmpty()) {
        ProcessHandle.of(Long.parseLong(pid)).ifPresent(process -> process.onExit().join());
      }
    }
  }

  @Test
  void a_command_needs_a_program_and_its_public_key() throws Exception {
    Signers signers = Signers.of(PasswordSource.none(), Samples.RANDOM);
    KeyPlace place = new KeyPlace.BehindCommand(List.of(folder.resolve("none").toString()));
    assertThatThrownBy(() -> signers.open(place, Optional.empty()))
        .isInstanceOf(KeyRefusedException.class)
        .hasMessageContaining("give it with --public");
    PublicHalf key = PublicHalf.of(Samples.key(KeyType.ED25519).publicKey());
    try (Signer signer = signers.open(place, Optional.of(key))) {
      assertThatThrownBy(() -> signer.forImages().sign(MESSAGE))
          .isInstanceOf(UncheckedIOException.class)
          .hasMessageContaining("No such file");
    }
  }

  @Test
  void a_command_signs_with_ml_dsa() throws Exception {
    MlDsaKey key = MlDsaKey.generate(Samples.RANDOM);
    answers(key.pair(Samples.RANDOM).sign(MESSAGE));
    try (Signer signer =
        Signers.of(PasswordSource.none(), Samples.RANDOM)
            .open(
                new KeyPlace.BehindCommand(
                    List.of("/bin/cat", folder.resolve("answer").toString())),
                Optional.of(key.publicHalf()))) {
      assertThat(signer.forPermits().sign(MESSAGE).size()).isEqualTo(2420);
    }
  }
}
