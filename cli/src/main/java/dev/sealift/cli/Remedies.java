// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.permit.Refusal;

/// What would help against a refusal, for the person who has the command at hand; empty where
/// nothing does that we know.
final class Remedies {
  private Remedies() {}

  static String of(Refusal refusal) {
    return switch (refusal) {
      case R3, R4 ->
          "'sealift release show FILE --root ROOT' says who has signed and who is missing";
      case R5, R6 -> "'sealift trust show' says what a certificate is for and who has given it";
      case R7 -> "bring the roots between with 'sealift release attach --root-update'";
      case R8, R9 -> "make the release for this vendor and class, or take another device";
      case R10 ->
          "the stage leaves it out; 'sealift release approve --plan PLAN --use N' takes a wider one";
      case R11 -> "approve it for this deployment with 'sealift release approve'";
      case R12, R13 -> "make a new release with a higher --sequence";
      case R14 -> "only a new root lets it through: 'sealift trust root rotate'";
      case R15 -> "sign the image with a higher --security-counter";
      case R16 ->
          "attach newer news ('sealift release attach FILE --beacon BEACON'), or a later approval";
      case R17 -> "ask for a new nonce with 'sealift device nonce', and answer that";
      case R18 -> "this device takes firmware only under a release; see 'sealift release'";
      case R19 -> "the image does not fit; 'sealift device info' says how much room there is";
      case R22 -> "'sealift image verify --device PROFILE' says more of the image";
      case R23 -> "the device has no such place; 'sealift release make --slot' names one";
      case R25 -> "wait a little and try again";
      case R26 -> "'sealift trust session' lets a technician do it";
      case R28 -> "somebody who is still trusted has to sign";
      case R30 -> "wait for its time, or bring a session permit that lets it activate";
      case R1, R2, R20, R21, R24, R27, R29 -> "";
    };
  }
}
