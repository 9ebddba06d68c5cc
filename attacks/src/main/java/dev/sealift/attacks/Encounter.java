// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

/// One thing that was tried on a device, and what the device made of it.
public record Encounter(String tried, Reaction reaction) {
  public String words() {
    return tried + ": " + reaction.words();
  }
}
