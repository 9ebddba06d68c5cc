// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// The two images as their headers were found: `primary` is the image that belongs into the primary
/// slot before a swap, wherever its header is while the swap moves it.
record Headers(SlotImage primary, SlotImage secondary) {
  SlotImage of(Slot slot) {
    return switch (slot) {
      case PRIMARY -> primary;
      case SECONDARY -> secondary;
    };
  }
}
