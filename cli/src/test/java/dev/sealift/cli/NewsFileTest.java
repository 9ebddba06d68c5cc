// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.cose.KeyId;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is news, as its keeper writes it down.
class NewsFileTest {
  private static final String GOOD =
      """
      deny = ["3354126db1e35a32"]
      [[class]]
      release = "app.sealift"
      floor = "1:1"
      [[class]]
      name = "acme.example/sensor-2"
      latest = "2:5"
      digest = "00112233445566778899"
      floor = "2:3"
      """;

  @TempDir private Path folder;
  private Maker maker;

  @BeforeEach
  void make_a_release() {
    maker = new Maker(folder).release("app", "1.1.0", 2);
  }

  private NewsFile read(String text) {
    maker.write("news.toml", text);
    return NewsFile.read(folder.resolve("news.toml"));
  }

  @Test
  void a_class_is_said_by_its_release_or_by_its_facts() {
    NewsFile news = read(GOOD);
    assertThat(news.denied()).containsExactly(KeyId.ofHex("3354126db1e35a32"));
    Releases.Named app = Releases.named(folder.resolve("app.sealift"));
    assertThat(news.classes().get(app.release().deviceClass().tag()))
        .satisfies(
            standing -> {
              assertThat(standing.latest()).hasToString("1:2");
              assertThat(standing.floor()).hasToString("1:1");
              assertThat(standing.digestPrefix()).isEqualTo(app.digest().value().first(8));
            });
    Bytes tag = Standings.tag("", "acme.example/sensor-2");
    assertThat(Objects.requireNonNull(news.classes().get(tag)).digestPrefix())
        .isEqualTo(Bytes.ofHex("0011223344556677"));
    assertThat(Objects.requireNonNull(news.classes().get(tag)).latest()).hasToString("2:5");
  }

  @Test
  void what_is_wrong_is_refused_whole_with_its_place() {
    record Case(String sentence, String text) {}
    List<Case> cases =
        List.of(
            new Case("class: missing", "deny = []"),
            new Case("line 1", "= 7"),
            new Case("class[0].floor: missing", GOOD.replace("floor = \"1:1\"", "")),
            new Case("class[1].latest: missing", GOOD.replace("latest = \"2:5\"", "")),
            new Case("class[1].name", GOOD.replace("acme.example/sensor-2", "sensor-2")),
            new Case("class[1].digest", GOOD.replace("00112233445566778899", "0011")),
            new Case("class[0].floor", GOOD.replace("1:1", "low")),
            new Case("above the latest release, 1:2", GOOD.replace("1:1", "1:3")),
            new Case("no such file", GOOD.replace("app.sealift", "none.sealift")),
            new Case("is an image, not a release", GOOD.replace("app.sealift", "app.bin")),
            new Case("deny in", GOOD.replace("3354126db1e35a32", "33")),
            new Case("color: unknown", "color = 1\n" + GOOD),
            new Case(
                "class[0].latest: unknown",
                GOOD.replace("floor = \"1:1\"", "floor = \"1:1\"\nlatest = \"1:2\"")),
            new Case("is there twice", GOOD.replace("sensor-2", "sensor-1")));
    for (Case wrong : cases) {
      assertThatThrownBy(() -> read(wrong.text()))
          .as(wrong.sentence())
          .isInstanceOf(Failure.class)
          .hasMessageContaining(wrong.sentence());
    }
  }
}
