// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.permit.control.LeftOut;
import dev.sealift.suit.cose.CoseKeyPair;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class KeyringTest {
  private static final World WORLD = new World();
  private static final List<CoseKeyPair> CHIEFS = WORLD.approveKeys.subList(0, 1);

  private final CoseKeyPair one = World.pair();
  private final CoseKeyPair two = World.pair();
  private final CoseKeyPair three = World.pair();

  private static Keyring keyring(List<Signed<Certificate>> certificates) {
    return keyring(WORLD.managedState, certificates);
  }

  private static Keyring keyring(TrustState state, List<Signed<Certificate>> certificates) {
    return new Keyring(state, certificates, Checks.all());
  }

  private static Signed<Certificate> given(CoseKeyPair to, CoseKeyPair... by) {
    return World.sign(World.certificate(Role.APPROVE, to), by);
  }

  private static Voice voice(Keyring keyring, CoseKeyPair of) throws Refusing {
    return switch (keyring.find(of.keyId())) {
      case Keyring.Found.Speaks(var voice) -> voice;
      case Keyring.Found.Revoked(var why) -> throw new AssertionError(why);
      case Keyring.Found.Unknown() -> throw new AssertionError("unknown");
    };
  }

  private static void assertRefused(Refusal refusal, Keyring keyring, CoseKeyPair of) {
    assertThatExceptionOfType(Refusing.class)
        .isThrownBy(() -> keyring.find(of.keyId()))
        .matches(refusing -> refusing.refuse().refusal() == refusal, refusal.toString());
  }

  @Test
  void a_key_of_the_root_speaks_in_its_role_and_a_stranger_not_at_all() throws Refusing {
    Keyring keyring = keyring(List.of());
    assertThat(voice(keyring, WORLD.freshnessKey).role()).isEqualTo(Role.FRESHNESS);
    assertThat(voice(keyring, WORLD.freshnessKey).delegations()).isZero();
    assertThat(keyring.find(WORLD.stranger.keyId())).isInstanceOf(Keyring.Found.Unknown.class);
    assertThat(keyring.verifications()).isZero();
  }

  @Test
  void a_chain_of_two_speaks_and_one_of_three_does_not() throws Refusing {
    List<Signed<Certificate>> chain =
        List.of(given(one, CHIEFS.getFirst()), given(two, one), given(three, two));
    Keyring keyring = keyring(chain);
    assertThat(voice(keyring, one).delegations()).isEqualTo(1);
    assertThat(voice(keyring, two).delegations()).isEqualTo(2);
    // Those before it are known already, and it is too long all the same.
    assertRefused(Refusal.R6, keyring, three);
    assertRefused(Refusal.R6, keyring(chain), three);
    List<Signed<Certificate>> reversed = new ArrayList<>(chain);
    java.util.Collections.reverse(reversed);
    assertRefused(Refusal.R6, keyring(reversed), three);
    assertThat(voice(keyring(reversed), two).delegations()).isEqualTo(2);
  }

  @Test
  void a_certificate_is_verified_once_however_often_its_key_is_met() throws Refusing {
    Keyring keyring = keyring(List.of(given(one, CHIEFS.getFirst()), given(two, one)));
    voice(keyring, two);
    voice(keyring, one);
    voice(keyring, two);
    assertThat(keyring.verifications()).isEqualTo(2);
  }

  @Test
  void certificates_that_go_round_end() {
    assertRefused(Refusal.R6, keyring(List.of(given(one, two), given(two, one))), one);
    assertRefused(Refusal.R6, keyring(List.of(given(one, one))), one);
    assertRefused(
        Refusal.R6, keyring(List.of(given(one, two), given(two, three), given(three, one))), two);
  }

  /// Without the check of delegation anything counts that anybody signed, and still it ends.
  @Test
  void without_its_check_a_chain_is_longer_but_not_endless() throws Refusing {
    Checks without = Checks.without(LeftOut.of(Check.DELEGATION));
    List<Signed<Certificate>> chain =
        List.of(given(one, CHIEFS.getFirst()), given(two, one), given(three, two));
    assertThat(voice(new Keyring(WORLD.managedState, chain, without), three).delegations())
        .isEqualTo(3);
    Keyring round =
        new Keyring(WORLD.managedState, List.of(given(one, two), given(two, one)), without);
    assertRefused(Refusal.R6, round, one);
  }

  @Test
  void only_who_may_gives_a_role() throws Refusing {
    for (Role role : List.of(Role.RELEASE, Role.APPROVE, Role.FRESHNESS, Role.OPERATE)) {
      Certificate certificate = World.certificate(role, one);
      Map<Role, List<CoseKeyPair>> holders =
          Map.of(
              Role.ROOT, WORLD.rootKeys,
              Role.RELEASE, WORLD.releaseKeys,
              Role.APPROVE, WORLD.approveKeys,
              Role.FRESHNESS, List.of(WORLD.freshnessKey),
              Role.OPERATE, List.of(WORLD.operateKey));
      for (Map.Entry<Role, List<CoseKeyPair>> issuer : holders.entrySet()) {
        Keyring keyring =
            keyring(
                List.of(World.sign(certificate, issuer.getValue().toArray(new CoseKeyPair[0]))));
        boolean may =
            issuer.getKey() == role
                || issuer.getKey() == Role.ROOT
                || (issuer.getKey() == Role.APPROVE && role == Role.OPERATE);
        if (may) {
          assertThat(voice(keyring, one).role()).isEqualTo(role);
        } else {
          assertRefused(Refusal.R6, keyring, one);
        }
      }
    }
  }

  @Test
  void every_scope_on_the_way_goes_with_the_voice() throws Refusing {
    Scope first = ScopeDraft.ANY.deployments(WORLD.deployment).scope();
    Scope second = ScopeDraft.ANY.sequences(1, 9).scope();
    Keyring keyring =
        keyring(
            List.of(
                World.sign(World.certificate(Role.APPROVE, one, first), CHIEFS.getFirst()),
                World.sign(World.certificate(Role.APPROVE, two, second), one)));
    assertThat(voice(keyring, two).scopes()).containsExactly(first, second);
    assertThat(
            voice(keyring, two).covers(scope -> scope.coversDeployment(java.util.Optional.empty())))
        .isFalse();
  }

  @Test
  void what_ended_or_is_denied_no_longer_speaks() throws Refusing {
    Signed<Certificate> certificate = given(one, CHIEFS.getFirst());
    TrustState seven = WORLD.heard(WORLD.managedState, WORLD.fresh(7));
    TrustState eight = WORLD.heard(WORLD.managedState, WORLD.fresh(8));
    assertThat(voice(keyring(seven, List.of(certificate)), one).delegations()).isEqualTo(1);
    assertThat(keyring(eight, List.of(certificate)).find(one.keyId()))
        .isInstanceOf(Keyring.Found.Revoked.class);
    assertThat(keyring(denying(one), List.of(certificate)).find(one.keyId()))
        .isInstanceOf(Keyring.Found.Revoked.class);
    assertThat(keyring(denying(CHIEFS.getFirst()), List.of(certificate)).find(one.keyId()))
        .isInstanceOf(Keyring.Found.Revoked.class);
    assertThat(keyring(denying(CHIEFS.getFirst()), List.of()).find(CHIEFS.getFirst().keyId()))
        .isInstanceOf(Keyring.Found.Revoked.class);
    CoseKeyPair root = WORLD.rootKeys.get(0);
    assertThat(voice(keyring(denying(root), List.of()), root).role()).isEqualTo(Role.ROOT);
  }

  private static TrustState denying(CoseKeyPair key) {
    return WORLD
        .managedState
        .hearing(WORLD.news(WORLD.fresh(7)), Set.of(key.keyId()))
        .orElseThrow();
  }

  /// Nobody stands above the root, and nobody but the root makes a root.
  @Test
  void the_root_s_role_cannot_be_given_away() throws MalformedException {
    assertThatIllegalArgumentException().isThrownBy(() -> World.certificate(Role.ROOT, one));
    Certificate good = World.certificate(Role.RELEASE, one);
    assertThat(Certificate.decode(good.encode())).isEqualTo(good);
    CborInt below = CborInt.of(-1);
    List<Map.Entry<Integer, CborItem>> wrong =
        List.of(
            Map.entry(1, CborInt.of(0)),
            Map.entry(1, CborInt.of(3)),
            Map.entry(1, below),
            Map.entry(2, CborMap.EMPTY),
            Map.entry(3, CborInt.of(1)),
            Map.entry(3, CborMap.builder().put(9, 1).build()),
            Map.entry(4, below),
            Map.entry(5, below),
            Map.entry(6, CborInt.of(1)));
    Map<CborItem, CborItem> fields = ((CborMap) Cbor.strict(good.encode())).entries();
    for (Map.Entry<Integer, CborItem> field : wrong) {
      Map<CborItem, CborItem> entries = new LinkedHashMap<>(fields);
      entries.put(CborInt.of(field.getKey()), field.getValue());
      Bytes bytes = Cbor.deterministic(new CborMap(entries));
      assertThatExceptionOfType(MalformedException.class)
          .as("%s", field)
          .isThrownBy(() -> Certificate.decode(bytes));
    }
    // A point that is not on the curve is no key.
    Map<CborItem, CborItem> key = new LinkedHashMap<>(one.publicKey().toCbor().entries());
    key.put(CborInt.of(-2), new CborBytes(Bytes.filled(32, 0xff)));
    Map<CborItem, CborItem> entries = new LinkedHashMap<>(fields);
    entries.put(CborInt.of(2), new CborMap(key));
    Bytes bytes = Cbor.deterministic(new CborMap(entries));
    assertThatExceptionOfType(MalformedException.class).isThrownBy(() -> Certificate.decode(bytes));
  }
}
