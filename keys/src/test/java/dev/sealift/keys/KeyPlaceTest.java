// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class KeyPlaceTest {
  @Test
  void what_is_no_other_form_is_a_file() throws MalformedException {
    for (String name : List.of("alice.pem", "/keys/alice.pem", "./cmd:x", "cmd", "C", "pkcs11")) {
      assertThat(KeyPlace.parse(name)).isEqualTo(new KeyPlace.InFile(Path.of(name)));
    }
    refused("", "names no key");
    refused(" ", "names no key");
    refused("a\0b", "no name of a file");
  }

  @Test
  void a_command_is_words_and_quotes_keep_them_together() throws MalformedException {
    assertThat(KeyPlace.parse("cmd:sign --slot 3"))
        .isEqualTo(new KeyPlace.BehindCommand(List.of("sign", "--slot", "3")));
    assertThat(KeyPlace.parse("cmd: '/my tools/sign'  \"a 'b'\" --x='y z' \"\""))
        .isEqualTo(new KeyPlace.BehindCommand(List.of("/my tools/sign", "a 'b'", "--x=y z", "")));
    assertThat(KeyPlace.parse("cmd:sign $HOME *"))
        .isEqualTo(new KeyPlace.BehindCommand(List.of("sign", "$HOME", "*")));
    refused("cmd:", "names no program");
    refused("cmd:  ", "names no program");
    refused("cmd:''", "names no program");
    refused("cmd:sign 'x", "is not closed");
  }

  @Test
  void a_token_uri_says_where_to_look() throws MalformedException {
    assertThat(
            KeyPlace.parse(
                "pkcs11:token=Our%20token;object=k%C3%B6nig;id=%01%fF;serial=77;type=private"
                    + "?module-path=/usr/lib/x.so&pin-source=file:/etc/pin"))
        .isEqualTo(
            new KeyPlace.InToken(
                new TokenUri(
                    Optional.of("Our token"),
                    Optional.of("77"),
                    Optional.of("könig"),
                    Optional.of(Bytes.ofHex("01ff")),
                    Path.of("/usr/lib/x.so"),
                    Optional.of(Path.of("/etc/pin")))));
    assertThat(KeyPlace.parse("pkcs11:?module-path=/x.so&pin-source=/etc/pin"))
        .hasToString("pkcs11:");
    assertThat(KeyPlace.parse("pkcs11:object=a;id=b?module-path=/x.so&pin-source=file:///etc/pin"))
        .hasToString("pkcs11:object=a;id=62");
  }

  @Test
  void a_token_uri_that_is_not_understood_whole_is_refused() {
    String module = "?module-path=/x.so";
    refused("pkcs11:token=T", "names no library");
    refused("pkcs11:token=T?module-path=x.so", "expected /a/path");
    refused("pkcs11:token=T" + module + "&pin-source=pin.txt", "expected /a/path");
    refused("pkcs11:token=T" + module + "&pin-source=%7Ccat", "expected /a/path");
    refused("pkcs11:token=T" + module + "&pin-value=1234", "there for all to read");
    refused("pkcs11:token=T;pin-value=1234" + module, "there for all to read");
    refused("pkcs11:token=T;token=U" + module, "'token' is twice");
    refused("pkcs11:token=T;type=public" + module, "expected type=private");
    refused("pkcs11:token=T;x-vendor=1" + module, "'x-vendor' in the PKCS#11 URI");
    refused("pkcs11:token" + module, "'token' in the PKCS#11 URI is not understood");
    refused("pkcs11:token=T;" + module, "is not understood");
    refused("pkcs11:module-path=/x.so", "is not understood");
    refused("pkcs11:token=%f" + module, "two hexadecimal digits");
    refused("pkcs11:token=%ff" + module, "is not UTF-8");
    refused("pkcs11:token=a%", "two hexadecimal digits");
  }

  @Property(tries = 500)
  void any_text_is_a_place_or_refused(@ForAll String text) {
    for (String prefix : List.of("", "cmd:", "pkcs11:", "pkcs11:object=a?module-path=/x.so&")) {
      try {
        assertThat(KeyPlace.parse(prefix + text).toString()).isNotNull();
      } catch (MalformedException e) {
        assertThat(e).hasMessageNotContaining("null");
      }
    }
  }

  private static void refused(String text, String sentence) {
    assertThatThrownBy(() -> KeyPlace.parse(text))
        .as(text)
        .isInstanceOf(MalformedException.class)
        .hasMessageContaining(sentence);
  }
}
