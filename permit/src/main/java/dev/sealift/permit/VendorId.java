// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.NamedUuid;

/// Whose devices: a UUID made from the vendor's domain name. A check that things fit, no proof.
public record VendorId(Bytes bytes) {
  public VendorId {
    Uuid.requireSize(bytes);
  }

  public static VendorId ofDomain(String domain) {
    return new VendorId(NamedUuid.of(NamedUuid.DOMAIN_NAMES, domain));
  }

  public static VendorId parse(String uuid) {
    return new VendorId(Uuid.parse(uuid));
  }

  @Override
  public String toString() {
    return Uuid.format(bytes);
  }
}
