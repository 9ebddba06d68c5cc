// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

/// What a device says to a bundle.
public sealed interface Verdict {
  /// The bytes that the permit names may be taken and, when they are all there, installed.
  record Install(AcceptedPermit permit) implements Verdict {}

  /// Not for this device, but it may take the bytes along for others; never to be installed.
  record Carry(AcceptedPermit permit, String detail) implements Verdict {}

  record Refuse(Refusal refusal, String detail) implements Verdict {
    public String sentence() {
      return refusal.sentence(detail);
    }
  }
}
