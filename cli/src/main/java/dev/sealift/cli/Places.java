// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Place;

/// Places of a device as people write them: `1` for an image, `0:1` for one slot of it.
final class Places {
  private Places() {}

  static Place parse(String what, String text) {
    int colon = text.indexOf(':');
    return colon < 0
        ? Place.ofImage(number(what, text))
        : Place.ofSlot(
            number(what, text.substring(0, colon)), number(what, text.substring(colon + 1)));
  }

  private static int number(String what, String text) {
    return Numbers.parseInt(what, text, 0, Place.NUMBER_MAX);
  }
}
