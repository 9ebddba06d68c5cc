// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.NamedUuid;

/// One operator's devices, wherever they stand: 16 bytes that the operator chose once.
public record DeploymentId(Bytes bytes) {
  public DeploymentId {
    Uuid.requireSize(bytes);
  }

  /// By the operator's domain name and their own word for it.
  public static DeploymentId of(String domain, String name) {
    return new DeploymentId(NamedUuid.of(NamedUuid.of(NamedUuid.DOMAIN_NAMES, domain), name));
  }

  public static DeploymentId parse(String uuid) {
    return new DeploymentId(Uuid.parse(uuid));
  }

  @Override
  public String toString() {
    return Uuid.format(bytes);
  }
}
