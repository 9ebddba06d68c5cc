// SPDX-License-Identifier: Apache-2.0
package dev.sealift.image.encryption;

/// Gives every image a content key of its own: the counter of the cipher always begins at zero, so
/// two images under one key would tell each other's secrets.
@FunctionalInterface
public interface ContentKeySource {
  FreshContentKey next();
}
