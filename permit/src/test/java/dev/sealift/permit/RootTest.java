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
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.permit.Terms.Freshness.Mode;
import dev.sealift.suit.ComponentId;
import dev.sealift.suit.cose.CoseAlgorithm;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseKeyPair;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

class RootTest {
  private static final World WORLD = new World();
  private static final RootDraft GOOD = RootDraft.of(WORLD.managed);

  @Test
  void a_root_comes_back_with_all_it_says() throws MalformedException {
    Scope scope =
        new Scope(
            List.of(WORLD.vendor),
            List.of(WORLD.deviceClass),
            List.of(ComponentId.of(Bytes.ofHex("00"))),
            List.of(Bytes.filled(16, 1)),
            Optional.of(
                new Scope.Range(new SequenceNumber(0, 0), new SequenceNumber(9, 0xffff_ffffL))),
            List.of("coaps://example.com/"));
    Terms terms =
        new Terms(
            World.NOW,
            new Terms.Freshness(Mode.STRICT, 1, 2),
            List.of(
                new Terms.Crowd(Fraction.percent(1), 2), new Terms.Crowd(new Fraction(2, 3), 3)),
            Terms.ConfirmRule.SELF_TEST_AND_CONTACT,
            7);
    Root root = GOOD.version(9).epoch(7).scope(Role.RELEASE, scope).terms(terms).root();
    assertThat(Root.decode(root.encode())).isEqualTo(root);
    for (Root other : List.of(WORLD.root, WORLD.managed)) {
      assertThat(Root.decode(other.encode())).isEqualTo(other);
    }
    assertThat(root.kind()).isEqualTo(SignedKind.ROOT);
  }

  @Test
  void keys_are_found_by_id_and_have_one_role() {
    CoseKeyPair release = WORLD.releaseKeys.get(2);
    assertThat(WORLD.root.key(release.keyId())).contains(release.publicKey());
    assertThat(WORLD.root.roleOf(release.publicKey())).contains(Role.RELEASE);
    assertThat(WORLD.root.roleOf(WORLD.stranger.publicKey())).isEmpty();
    Root simple =
        Root.simple(
            2,
            WORLD.rootKeys.stream().map(CoseKeyPair::publicKey).toList(),
            WORLD.releaseKeys.stream().map(CoseKeyPair::publicKey).toList(),
            2);
    assertThat(simple.roleOf(WORLD.rootKeys.get(0).publicKey())).contains(Role.ROOT);
    assertThat(simple.roleOf(release.publicKey())).contains(Role.RELEASE);
    assertThat(simple.terms().freshness().mode()).isEqualTo(Mode.OPEN);
  }

  /// A root that makes no sense, its fault in one word, and how it is made.
  private record Fault(String word, UnaryOperator<RootDraft> change) {}

  private static final List<Fault> FAULTS =
      List.of(
          new Fault("version 0", draft -> draft.version(0)),
          new Fault("epoch -1", draft -> draft.epoch(-1)),
          new Fault("epoch 4294967296", draft -> draft.epoch(1L << 32)),
          new Fault("wants 4 of 3", draft -> draft.grant(Role.RELEASE, 4, 3, 4, 5)),
          new Fault("wants 0 of 3", draft -> draft.grant(Role.RELEASE, 0, 3, 4, 5)),
          new Fault("wants 1 of 0", draft -> draft.grant(Role.RELEASE, 1)),
          new Fault("key 99 of 11", draft -> draft.grant(Role.RELEASE, 1, 99)),
          new Fault("key -1 of 11", draft -> draft.grant(Role.RELEASE, 1, -1)),
          new Fault("key 3 has two roles", draft -> draft.grant(Role.RELEASE, 1, 3, 3)),
          new Fault("has two roles", draft -> draft.grant(Role.RELEASE, 1, 0)),
          new Fault("0 clauses", draft -> draft.policy(List.of())),
          new Fault(
              "9 clauses", draft -> draft.policy(Collections.nCopies(9, Set.of(Role.RELEASE)))),
          new Fault("roles that nobody has: []", draft -> draft.policy(List.of(Set.of()))),
          new Fault("roles that nobody has", draft -> draft.without(Role.APPROVE)),
          new Fault(
              "what nobody has released", draft -> draft.policy(List.of(Set.of(Role.APPROVE)))),
          new Fault(
              "roles that allow nothing",
              draft -> draft.policy(List.of(Set.of(Role.RELEASE, Role.FRESHNESS)))),
          new Fault(
              "roles that allow nothing",
              draft -> draft.policy(List.of(Set.of(Role.RELEASE, Role.OPERATE)))),
          new Fault(
              "nobody has the root's role",
              draft -> draft.policy(List.of(Set.of(Role.RELEASE))).without(Role.ROOT)),
          new Fault("nobody can speak of it", draft -> draft.without(Role.FRESHNESS)),
          new Fault("a key is there twice", draft -> draft.key(1, draft.keys().getFirst())),
          new Fault(
              "more than 64",
              draft -> {
                List<CoseKey> many = new ArrayList<>(draft.keys());
                while (many.size() <= Root.KEYS_MAX) {
                  many.add(CoseKeyPair.generate(CoseAlgorithm.ED25519, World.RANDOM).publicKey());
                }
                return draft.keys(many);
              }),
          new Fault("below zero", draft -> draft.terms(TermsTest.time(-1))));

  @Test
  void a_root_that_makes_no_sense_cannot_be_written_down() {
    for (Fault fault : FAULTS) {
      assertThatIllegalArgumentException()
          .as(fault.word())
          .isThrownBy(() -> fault.change().apply(GOOD).root())
          .withMessageContaining(fault.word());
    }
  }

  @Test
  void a_root_may_have_as_much_as_it_can_say() throws MalformedException {
    List<CoseKey> many = new ArrayList<>(GOOD.keys());
    while (many.size() < Root.KEYS_MAX) {
      many.add(CoseKeyPair.generate(CoseAlgorithm.ED25519, World.RANDOM).publicKey());
    }
    Root root =
        GOOD.keys(many).policy(Collections.nCopies(Root.CLAUSES_MAX, Set.of(Role.ROOT))).root();
    assertThat(Root.decode(root.encode())).isEqualTo(root);
    // Without anybody to speak of freshness nothing but the order of releases can count.
    assertThat(
            GOOD.without(Role.FRESHNESS)
                .terms(Terms.standard(0, Mode.OPEN))
                .root()
                .grant(Role.FRESHNESS))
        .isEmpty();
  }

  /// What no root could say, put into the bytes of a good one.
  @Test
  void bytes_that_are_no_root_are_refused() throws MalformedException {
    CborInt zero = CborInt.of(0);
    CborInt one = CborInt.of(1);
    CborInt far = CborInt.of(99);
    CborItem key = WORLD.releaseKeys.get(0).publicKey().toCbor();
    List<Map.Entry<Integer, CborItem>> wrong =
        List.of(
            Map.entry(1, zero),
            Map.entry(1, CborInt.of(-1)),
            Map.entry(1, new CborInt(java.math.BigInteger.TWO.pow(63))),
            Map.entry(1, new CborText("1")),
            Map.entry(2, CborInt.of(-1)),
            Map.entry(2, CborInt.of(1L << 32)),
            Map.entry(3, CborMap.EMPTY),
            Map.entry(3, CborList.of()),
            Map.entry(3, roles(3, CborList.of(one, CborList.of(zero)))),
            Map.entry(3, roles(99, CborList.of(one, CborList.of(zero)))),
            Map.entry(3, roles(0, CborList.of(one))),
            Map.entry(3, roles(0, CborList.of(one, zero))),
            Map.entry(3, roles(0, CborList.of(zero, CborList.of(zero)))),
            Map.entry(3, roles(0, CborList.of(one, CborList.of(CborInt.of(-1))))),
            Map.entry(3, roles(0, CborList.of(one, CborList.of(far)))),
            Map.entry(3, roles(0, CborList.of(far, CborList.of(zero)))),
            Map.entry(3, roles(0, CborList.of(one, CborList.of(zero), CborMap.EMPTY, zero))),
            Map.entry(
                3,
                roles(
                    0,
                    CborList.of(
                        one, CborList.of(zero), CborMap.builder().put(1, CborList.of()).build()))),
            Map.entry(
                3,
                roles(
                    0,
                    CborList.of(
                        one,
                        CborList.of(zero),
                        CborMap.builder()
                            .put(5, CborList.of(CborInt.of(9), CborInt.of(8)))
                            .build()))),
            Map.entry(
                3,
                roles(
                    0, CborList.of(one, CborList.of(zero), CborMap.builder().put(7, one).build()))),
            Map.entry(4, CborList.of()),
            Map.entry(4, CborList.of(key, key)),
            Map.entry(4, CborList.of(new CborBytes(Bytes.EMPTY))),
            Map.entry(4, CborList.of(CborMap.builder().put(1, 4).build())),
            Map.entry(5, CborList.of()),
            Map.entry(5, CborList.of(CborList.of())),
            Map.entry(5, CborList.of(CborList.of(one, one))),
            Map.entry(5, CborList.of(CborList.of(CborInt.of(3)))),
            Map.entry(5, CborList.of(CborList.of(CborInt.of(2)))),
            Map.entry(5, one),
            Map.entry(11, one));
    for (Map.Entry<Integer, CborItem> field : wrong) {
      assertRefused(field.getKey(), field.getValue());
    }
    for (long field = 1; field <= 7; field++) {
      Map<CborItem, CborItem> entries = new LinkedHashMap<>(fields());
      entries.remove(CborInt.of(field));
      Bytes bytes = Cbor.deterministic(new CborMap(entries));
      assertThatExceptionOfType(MalformedException.class)
          .as("without %d", field)
          .isThrownBy(() -> Root.decode(bytes));
    }
  }

  static Map<CborItem, CborItem> fields() throws MalformedException {
    return ((CborMap) Cbor.strict(WORLD.root.encode())).entries();
  }

  static void assertRefused(int field, CborItem value) throws MalformedException {
    Map<CborItem, CborItem> entries = new LinkedHashMap<>(fields());
    entries.put(CborInt.of(field), value);
    Bytes bytes = Cbor.deterministic(new CborMap(entries));
    assertThatExceptionOfType(MalformedException.class)
        .as("%d: %s", field, value)
        .isThrownBy(() -> Root.decode(bytes));
  }

  private static CborMap roles(int id, CborItem grant) {
    return CborMap.builder().put(id, grant).build();
  }
}
