// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.image.ImageSigner;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.SignOptions;
import dev.sealift.image.SigningException;
import dev.sealift.image.SlotLayout;
import dev.sealift.image.key.KeyType;
import dev.sealift.image.key.LocalKey;
import dev.sealift.suit.SuitDigest;
import java.util.List;
import org.junit.jupiter.api.Test;

class OwnBuildTest {
  private final World world = new World();

  private static Image built(Bytes payload) {
    try {
      return ImageSigner.sign(
          payload,
          SignOptions.of(
              ImageVersion.of(1, 8, 2),
              new SignOptions.HeaderRoom(512, SignOptions.Source.PREPENDED),
              SlotLayout.swap(0x10000, 4)),
          LocalKey.generate(KeyType.ECDSA_P256, World.RANDOM).signing(World.RANDOM));
    } catch (SigningException e) {
      throw new AssertionError(e);
    }
  }

  private Release releasing(Image... images) {
    Release.Part[] parts = new Release.Part[images.length];
    for (int i = 0; i < images.length; i++) {
      parts[i] = Release.Part.of(Place.ofImage(i), images[i].write(), digest(images[i]), 3);
    }
    return world.releaseOf(parts);
  }

  private static SuitDigest digest(Image image) {
    return SuitDigest.sha256(image.hash().orElseThrow());
  }

  @Test
  void another_signature_over_the_same_build_is_the_same_build() {
    Image theirs = built(World.image(5_000));
    Image ours = built(World.image(5_000));
    assertThat(theirs.write()).isNotEqualTo(ours.write());
    assertThat(OwnBuild.judge(releasing(theirs), List.of(ours.write())))
        .isEqualTo(new OwnBuild.Judgement.Same());
  }

  @Test
  void a_patched_build_is_refused_with_both_digests() {
    Image patched = built(World.image(5_000));
    Image ours = built(World.image(5_001));
    assertThat(OwnBuild.judge(releasing(patched), List.of(ours.write())))
        .isEqualTo(
            new OwnBuild.Judgement.Refused(
                Refusal.R21,
                "for image 0 the release names %s, your build has %s"
                    .formatted(
                        patched.hash().orElseThrow().toHex(), ours.hash().orElseThrow().toHex())));
  }

  /// The hash that an image states is not what counts.
  @Test
  void an_image_that_lies_about_its_hash_is_refused() {
    Image patched = built(World.image(5_000));
    Image ours = built(World.image(5_000));
    byte[] lying = ours.write().toArray();
    lying[600] ^= 1;
    assertThat(OwnBuild.judge(releasing(patched), List.of(Bytes.of(lying))))
        .isInstanceOfSatisfying(
            OwnBuild.Judgement.Refused.class,
            refused -> assertThat(refused.refusal()).isEqualTo(Refusal.R21));
  }

  @Test
  void every_image_of_a_release_has_to_be_built() {
    Image app = built(World.image(5_000));
    Image radio = built(World.image(4_000));
    Release release = releasing(app, radio);
    assertThat(OwnBuild.judge(release, List.of(app.write(), radio.write())))
        .isEqualTo(new OwnBuild.Judgement.Same());
    assertThat(OwnBuild.judge(release, List.of(app.write())))
        .isEqualTo(
            new OwnBuild.Judgement.Refused(Refusal.R21, "the release has 2 images, 1 were built"));
    assertThat(OwnBuild.judge(release, List.of(radio.write(), app.write())))
        .isInstanceOf(OwnBuild.Judgement.Refused.class);
  }

  @Test
  void what_is_no_image_is_refused() {
    Image app = built(World.image(5_000));
    assertThat(OwnBuild.judge(releasing(app), List.of(Bytes.ofUtf8(":10000000"))))
        .isInstanceOfSatisfying(
            OwnBuild.Judgement.Refused.class,
            refused -> {
              assertThat(refused.refusal()).isEqualTo(Refusal.R22);
              assertThat(refused.detail()).contains("Intel HEX");
            });
  }
}
