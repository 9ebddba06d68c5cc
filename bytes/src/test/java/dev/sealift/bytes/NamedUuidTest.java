// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class NamedUuidTest {
  /// RFC 9562, A.4.
  @Test
  void the_example_of_the_standard_comes_out() {
    assertThat(NamedUuid.of(NamedUuid.DOMAIN_NAMES, "www.example.com").toHex())
        .isEqualTo("2ed6657de927568b95e12665a8aea6a2");
  }
}
