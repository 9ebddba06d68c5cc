// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.update.UpdateMaterial;

/// What a device can pass on of what it runs. Everything in it is public: bundle, tables and images
/// as they came, so there is no key to be lost.
public sealed interface Sharing {
  /// A whole update for neighbours of the same class, with an agent or without one.
  record Ready(UpdateMaterial material) implements Sharing {}

  /// Nothing, and why, for people.
  record Cannot(String reason) implements Sharing {}
}
