// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Secret;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PasswordSourceTest {
  @TempDir private Path folder;

  @Test
  void the_first_line_of_a_file_is_the_password() throws Exception {
    for (String content : new String[] {"größer", "größer\n", "größer\r\nmore\n"}) {
      assertThat(inFile(content.getBytes(StandardCharsets.UTF_8)).password("x"))
          .contains(Secret.of("größer".getBytes(StandardCharsets.UTF_8)));
    }
    assertThat(inFile(" a ".getBytes(StandardCharsets.UTF_8)).password("x"))
        .contains(Secret.of(" a ".getBytes(StandardCharsets.UTF_8)));
  }

  @Test
  void a_file_without_a_password_is_refused() throws Exception {
    refused(inFile(new byte[0]), "is empty");
    refused(inFile(new byte[] {'\n', 'a'}), "is empty");
    refused(inFile(new byte[] {'a', (byte) 0xff}), "is not UTF-8");
    refused(inFile("x".repeat(1025).getBytes(StandardCharsets.UTF_8)), "longer than 1024");
    assertThatThrownBy(() -> PasswordSource.inFile(folder.resolve("none")).password("x"))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void the_next_source_is_asked_only_where_the_first_knows_nothing() throws Exception {
    PasswordSource knows =
        purpose -> Optional.of(Secret.of(purpose.getBytes(StandardCharsets.UTF_8)));
    PasswordSource never =
        _ -> {
          throw new IOException("asked");
        };
    assertThat(knows.or(never).password("me")).contains(Secret.of(new byte[] {'m', 'e'}));
    assertThat(PasswordSource.none().or(knows).password("me")).isPresent();
    assertThat(PasswordSource.none().or(PasswordSource.none()).password("me")).isEmpty();
  }

  private PasswordSource inFile(byte[] content) throws IOException {
    return PasswordSource.inFile(Files.write(folder.resolve("password"), content));
  }

  private static void refused(PasswordSource source, String sentence) {
    assertThatThrownBy(() -> source.password("x"))
        .isInstanceOf(KeyRefusedException.class)
        .hasMessageContaining(sentence);
  }
}
