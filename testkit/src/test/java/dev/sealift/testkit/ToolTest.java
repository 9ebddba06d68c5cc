// SPDX-License-Identifier: Apache-2.0
package dev.sealift.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class ToolTest {
  @Test
  void a_missing_program_is_passed_over_unless_the_build_insists() {
    String before = System.getProperty("sealift.insist", "false");
    try {
      System.setProperty("sealift.insist", "false");
      assertThat(Tool.find("no-such-program", "nothing")).isEmpty();
      System.setProperty("sealift.insist", "true");
      assertThatIllegalStateException()
          .isThrownBy(() -> Tool.find("no-such-program", "nothing"))
          .withMessageContaining("apt install nothing");
      assertThat(Tool.find("sh", "dash")).isPresent();
    } finally {
      System.setProperty("sealift.insist", before);
    }
  }
}
