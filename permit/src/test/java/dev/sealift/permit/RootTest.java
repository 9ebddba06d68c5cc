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
import dev.sealift.suit.ComponentId;
import dev.sealift.suit.cose.CoseKey;
import dev.sealift.suit.cose.CoseKeyPair;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

class RootTest {
  private static final World WORLD = new World();

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
    Root root = WORLD.root(7, Optional.of(scope), List.of(1, 0));
    assertThat(Root.decode(root.encode())).isEqualTo(root);
    assertThat(Root.decode(WORLD.root.encode())).isEqualTo(WORLD.root);
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
  }

  @Test
  void a_root_that_makes_no_sense_cannot_be_written_down() {
    List<CoseKey> keys = WORLD.root.keys();
    Root.Grant two = new Root.Grant(2, List.of(0, 1), Optional.empty());
    List<Set<Role>> policy = List.of(Set.of(Role.RELEASE));
    assertNoRoot(keys, Map.of(Role.RELEASE, grant(3, 0, 1)), policy);
    assertNoRoot(keys, Map.of(Role.RELEASE, grant(0, 0, 1)), policy);
    assertNoRoot(keys, Map.of(Role.RELEASE, grant(1, 7)), policy);
    assertNoRoot(keys, Map.of(Role.RELEASE, grant(1, 0, 0)), policy);
    assertNoRoot(keys, Map.of(Role.RELEASE, two, Role.ROOT, grant(1, 1)), policy);
    assertNoRoot(keys, Map.of(Role.RELEASE, two), List.of());
    assertNoRoot(keys, Map.of(Role.RELEASE, two), List.of(Set.of()));
    assertNoRoot(keys, Map.of(Role.RELEASE, two), List.of(Set.of(Role.APPROVE)));
    assertNoRoot(List.of(keys.getFirst(), keys.getFirst()), Map.of(Role.RELEASE, two), policy);
  }

  @Test
  void bytes_that_are_no_root_are_refused() {
    CborItem key = WORLD.releaseKeys.get(0).publicKey().toCbor();
    CborItem role = CborList.of(CborInt.of(1), CborList.of(CborInt.of(0)));
    CborItem policy = CborList.of(CborList.of(CborInt.of(1)));
    List<CborMap> wrong =
        List.of(
            root(CborInt.of(3), role, key, policy),
            root(CborInt.of(1), CborList.of(CborInt.of(1)), key, policy),
            root(
                CborInt.of(1), CborList.of(CborInt.of(2), CborList.of(CborInt.of(0))), key, policy),
            root(
                CborInt.of(1), CborList.of(CborInt.of(1), CborList.of(CborInt.of(1))), key, policy),
            root(CborInt.of(1), role, new CborBytes(Bytes.EMPTY), policy),
            root(CborInt.of(1), role, key, CborList.of(CborList.of(CborInt.of(1), CborInt.of(1)))),
            root(
                CborInt.of(1),
                CborList.of(
                    CborInt.of(1),
                    CborList.of(CborInt.of(0)),
                    CborMap.builder().put(1, CborList.of()).build()),
                key,
                policy));
    for (CborMap map : wrong) {
      assertThatExceptionOfType(MalformedException.class)
          .isThrownBy(() -> Root.decode(Cbor.deterministic(map)));
    }
  }

  private static CborMap root(CborItem roleId, CborItem role, CborItem key, CborItem policy) {
    return CborMap.builder()
        .put(1, 1)
        .put(2, 0)
        .put(3, CborMap.builder().put(roleId, role).build())
        .put(4, CborList.of(key))
        .put(5, policy)
        .build();
  }

  private static Root.Grant grant(int threshold, Integer... keys) {
    return new Root.Grant(threshold, List.of(keys), Optional.empty());
  }

  private static void assertNoRoot(
      List<CoseKey> keys, Map<Role, Root.Grant> roles, List<Set<Role>> policy) {
    assertThatIllegalArgumentException().isThrownBy(() -> new Root(1, 1, roles, keys, policy));
  }
}
