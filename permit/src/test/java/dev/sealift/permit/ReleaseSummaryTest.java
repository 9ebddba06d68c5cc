// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.bytes.cbor.Json;
import dev.sealift.suit.cose.KeyId;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ReleaseSummaryTest {
  private static final World WORLD = new World();

  @Test
  void a_summary_says_who_signed_and_what_is_missing() throws MalformedException {
    Bundle one = Bundle.of(WORLD.release()).signedBy(WORLD.releaseKeys.get(0));
    Map<KeyId, String> names = Map.of(WORLD.releaseKeys.get(0).keyId(), "alice");
    ReleaseSummary summary = ReleaseSummary.of(one, Optional.of(WORLD.root), names);
    assertThat(summary.missing())
        .contains("release: 1 of 2 signatures, or root: 0 of 2 signatures");
    assertThat(summary.lines())
        .contains(
            "version         1.8.2",
            "sequence        1:5",
            "size            10000 bytes",
            "signed by       %s, alice, release: valid"
                .formatted(WORLD.releaseKeys.get(0).keyId()));
    ReleaseSummary done =
        ReleaseSummary.of(
            one.signedBy(WORLD.releaseKeys.get(0))
                .signedBy(WORLD.releaseKeys.get(1))
                .signedBy(WORLD.stranger),
            Optional.of(WORLD.root),
            names);
    assertThat(done.missing()).isEmpty();
    assertThat(done.signatures().stream().map(ReleaseSummary.Signature::state))
        .containsExactly(
            ReleaseSummary.Signature.State.VALID,
            ReleaseSummary.Signature.State.REPEATED,
            ReleaseSummary.Signature.State.VALID,
            ReleaseSummary.Signature.State.UNKNOWN);
    assertThat(Json.read(Json.write(done.toJson()))).isEqualTo(done.toJson());
    assertThat(done.toJson().get("version")).contains(new CborText("1.8.2"));
    assertThat(ReleaseSummary.of(one, Optional.empty(), Map.of()).missing()).isEmpty();
  }

  @Test
  void a_summary_of_a_changed_manifest_is_not_given() {
    assertThatExceptionOfType(MalformedException.class)
        .isThrownBy(
            () -> {
              byte[] bytes = WORLD.good().envelope().toArray();
              bytes[bytes.length - 1] ^= 1;
              ReleaseSummary.of(
                  WORLD.good().withEnvelope(Bytes.owning(bytes)),
                  Optional.of(WORLD.root),
                  Map.of());
            });
  }
}
