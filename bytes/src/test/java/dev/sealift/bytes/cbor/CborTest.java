// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bytes.cbor;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

class CborTest {
  private record Case(String name, String hex) {}

  @Test
  void what_a_real_server_says_is_read_leniently() throws Exception {
    CborItem answer = Cbor.lenient(Bytes.ofHex("bf636f6666190190ff"));
    assertThat(answer).isEqualTo(CborMap.builder().put("off", 400).build());
  }

  @Test
  void the_strict_door_takes_one_encoding_only() {
    List<Case> cases =
        List.of(
            new Case("indefinite map", "bf0102ff"),
            new Case("indefinite string", "5f4101ff"),
            new Case("long head", "1801"),
            new Case("long length", "580101"),
            new Case("keys out of order", "a202000100"),
            new Case("trailing byte", "0000"),
            new Case("key twice", "a201000100"),
            new Case("cut off", "4201"),
            new Case("nothing", ""),
            new Case("break alone", "ff"),
            new Case("reserved head", "1c"));
    for (Case c : cases) {
      assertThatThrownBy(() -> Cbor.strict(Bytes.ofHex(c.hex())))
          .as(c.name())
          .isInstanceOf(MalformedException.class);
    }
  }

  @Test
  void a_claimed_length_does_not_allocate() {
    assertThatThrownBy(() -> Cbor.lenient(Bytes.ofHex("5b7fffffffffffffff00")))
        .isInstanceOf(MalformedException.class);
    assertThatThrownBy(() -> Cbor.lenient(Bytes.ofHex("9b7fffffffffffffff00")))
        .isInstanceOf(MalformedException.class);
  }

  @Test
  void nesting_is_bounded() {
    Bytes deep = Bytes.filled(Cbor.DEPTH_MAX + 5, 0x81).plus(Bytes.ofHex("00"));
    assertThatThrownBy(() -> Cbor.lenient(deep)).isInstanceOf(MalformedException.class);
    Bytes deeper = Bytes.filled(100_000, 0x81).plus(Bytes.ofHex("00"));
    assertThatThrownBy(() -> Cbor.lenient(deeper)).isInstanceOf(MalformedException.class);
  }

  @Test
  void the_order_of_keys_survives_the_lenient_way() throws Exception {
    Bytes message = Bytes.ofHex("a3636c656e05636f66660064646174614101");
    assertThat(Cbor.encode(Cbor.lenient(message))).isEqualTo(message);
  }

  @Test
  void sixty_four_bit_numbers_are_kept() throws Exception {
    CborInt beyond = (CborInt) Cbor.strict(Bytes.ofHex("1b8000000000000000"));
    assertThat(beyond.isLong()).isFalse();
    assertThat(Cbor.encode(beyond)).isEqualTo(Bytes.ofHex("1b8000000000000000"));
  }

  @Test
  void indefinite_maps_are_written_as_real_servers_do() throws Exception {
    CborItem answer = CborMap.builder().put("off", 400).build();
    assertThat(Cbor.indefinite(answer)).isEqualTo(Bytes.ofHex("bf636f6666190190ff"));
    assertThat(Cbor.lenient(Cbor.indefinite(answer))).isEqualTo(answer);
  }

  @Test
  void json_goes_through_the_same_values() throws Exception {
    CborItem value = Json.read("{\"b\":[1,-2,true,null],\"a\":\"x\"}");
    assertThat(Json.write(value)).isEqualTo("{\"b\":[1,-2,true,null],\"a\":\"x\"}");
  }

  @Property(tries = 300)
  void written_then_read_is_the_same(@ForAll("items") CborItem item) throws Exception {
    assertThat(Cbor.strict(Cbor.deterministic(item))).isEqualTo(item);
    assertThat(Cbor.lenient(Cbor.encode(item))).isEqualTo(item);
  }

  @Property(tries = 1000)
  void any_bytes_are_read_or_refused(@ForAll byte[] noise) {
    try {
      Cbor.lenient(Bytes.of(noise));
    } catch (MalformedException e) {
      assertThat(e).hasMessageNotContaining("null");
    }
  }

  @Provide
  Arbitrary<CborItem> items() {
    Arbitrary<CborItem> leaf =
        Arbitraries.oneOf(
            Arbitraries.longs().map(CborInt::of),
            Arbitraries.strings().alpha().ofMaxLength(30).map(CborText::new),
            Arbitraries.bytes()
                .array(byte[].class)
                .ofMaxSize(300)
                .map(b -> new CborBytes(Bytes.of(b))),
            Arbitraries.of(new CborBool(true), new CborBool(false), new CborNull()));
    Arbitrary<CborItem> list = leaf.list().ofMaxSize(5).map(CborList::new);
    Arbitrary<CborItem> map =
        Arbitraries.maps(leaf, Arbitraries.oneOf(leaf, list)).ofMaxSize(8).map(CborMap::new);
    Arbitrary<CborItem> tag = map.map(m -> new CborTag(107, m));
    return Arbitraries.oneOf(leaf, list, map, tag, map.map(m -> new CborMap(Map.of(m, m))));
  }
}
