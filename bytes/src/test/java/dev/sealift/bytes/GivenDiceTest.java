// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

import org.junit.jupiter.api.Test;

class GivenDiceTest {
  @Test
  void they_fall_as_given_once_and_never_again() {
    GivenDice dice = GivenDice.of(Secret.of(new byte[] {1, 2, 3}));
    assertThatIllegalStateException().isThrownBy(() -> dice.nextBytes(new byte[4]));
    byte[] fallen = new byte[3];
    dice.nextBytes(fallen);
    assertThat(fallen).containsExactly(1, 2, 3);
    assertThatIllegalStateException().isThrownBy(() -> dice.nextBytes(new byte[3]));
  }
}
