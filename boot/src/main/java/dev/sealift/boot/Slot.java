// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// The two places of an image. Swap modes always start what is in the primary one.
public enum Slot {
  PRIMARY,
  SECONDARY;

  Slot other() {
    return this == PRIMARY ? SECONDARY : PRIMARY;
  }
}
