// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.image.Image;
import dev.sealift.image.SignOptions;
import dev.sealift.image.encryption.ContentKey;
import dev.sealift.image.encryption.ContentKeySize;
import dev.sealift.image.encryption.EncryptionScheme;
import dev.sealift.image.encryption.FreshContentKey;
import dev.sealift.image.encryption.KeyEncryptionKey;
import dev.sealift.permit.Place;
import dev.sealift.permit.Release;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;

/// What a maker has released for one shape of device, oldest first: the images it left the factory
/// with, then 1.1, 1.2 and so on, numbered from 2.
///
/// `older` is genuine and older than `honest`, which is what everybody wants at first; the others
/// come after it.
record Catalogue(List<Image> factory, Edition older, Edition honest, Edition next, Edition later) {
  Catalogue {
    factory = List.copyOf(factory);
  }

  /// In the order in which they may follow one another.
  List<Edition> updates() {
    return List.of(honest, next, later);
  }

  static Catalogue of(Shape shape, People people, KeyEncryptionKey deviceKey) {
    Press press = new Press(shape, people, deviceKey);
    return new Catalogue(
        press.images(Build.of(people, 0, 1, 1, 9_000), press.plain()),
        press.edition(Build.of(people, 1, 2, 1, 9_500)),
        press.edition(Build.of(people, 2, 3, 2, 10_000)),
        press.edition(Build.of(people, 3, 4, 2, 11_000)),
        press.edition(Build.of(people, 4, 5, 2, 9_800)));
  }

  /// Makes what a shape of device needs of a build: one image, one for each core, or one for each
  /// slot.
  private record Press(Shape shape, People people, KeyEncryptionKey deviceKey) {
    private static final int RADIO_BYTES_LESS = 3_000;

    SignOptions.Secrecy plain() {
      return new SignOptions.Secrecy.Plain();
    }

    private SignOptions.Secrecy secrecy() {
      SecureRandom random = people.random();
      return shape == Shape.ENCRYPTED
          ? new SignOptions.Secrecy.Encrypted(
              () -> {
                ContentKey key = ContentKey.generate(ContentKeySize.AES_128, random);
                return new FreshContentKey(
                    key,
                    EncryptionScheme.AES_KW,
                    deviceKey.wrap(EncryptionScheme.AES_KW, key, random));
              })
          : plain();
    }

    List<Image> images(Build build, SignOptions.Secrecy secrecy) {
      SecureRandom random = people.random();
      Image main = build.sealed(secrecy).image(random);
      return switch (shape) {
        case ONE_IMAGE, ENCRYPTED -> List.of(main);
        case TWO_IMAGES ->
            List.of(main, build.sized(build.payloadBytes() - RADIO_BYTES_LESS).image(random));
        case VARIANTS -> List.of(main, build.image(random));
      };
    }

    Edition edition(Build build) {
      List<Image> images = images(build, secrecy());
      List<Release.Part> parts = new ArrayList<>();
      for (int i = 0; i < images.size(); i++) {
        parts.add(Edition.part(place(i), images.get(i), build.counter()));
      }
      return Edition.of(
          Release.of(
              new Release.Target(people.vendor(), people.deviceClass(), build.sequence()),
              build.suitVersion(),
              parts),
          images,
          people.releaseQuorum());
    }

    private Place place(int part) {
      return switch (shape) {
        case ONE_IMAGE, TWO_IMAGES, ENCRYPTED -> Place.ofImage(part);
        case VARIANTS -> Place.ofSlot(0, part);
      };
    }
  }
}
