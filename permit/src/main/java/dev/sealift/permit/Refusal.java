// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// Why something is refused: one list for SMP, CoAP, LwM2M, logs and people. Numbers and codes
/// never change their meaning. The threats are those of the threat model that the refusal stops.
public enum Refusal {
  R1("malformed", "these bytes are no permit: %s", "T53"),
  R2("unsupported", "the permit asks for what is not supported here: %s", "T08", "T22", "T40"),
  R3(
      "bad-signature",
      "the signature does not hold or is by nobody known: %s",
      "T01",
      "T04",
      "T07",
      "T27",
      "T40",
      "T67"),
  R4(
      "signers-missing",
      "not enough of the right people have signed: %s",
      "T06",
      "T07",
      "T09",
      "T30",
      "T34",
      "T65",
      "T68"),
  R5("out-of-scope", "the signers may not speak for this: %s", "T08", "T31", "T67"),
  R6("bad-delegation", "the delegation does not hold: %s", "T31"),
  R7("root-version", "the root is not the expected one: %s", "T30"),
  R8("wrong-vendor", "the release is for another vendor's devices: %s", "T10"),
  R9("wrong-class", "the release is for another class of devices: %s", "T10", "T67"),
  R10("not-targeted", "the release is not meant for this device: %s", "T35"),
  R11("wrong-deployment", "the approval is for another deployment: %s", "T09", "T11"),
  R12("sequence-too-low", "the release is older than what is known: %s", "T16", "T36", "T39"),
  R13("sequence-taken", "another release has this sequence number: %s", "T20"),
  R14("sequence-out-of-range", "the sequence number is out of range: %s", "T19", "T33"),
  R15("security-counter", "the security counter is too low: %s", "T16", "T69"),
  R16("stale", "the permit is stale or has expired: %s", "T17", "T18", "T35", "T65"),
  R17("bad-nonce", "the nonce is not the one given out: %s", "T35"),
  R18("no-permit", "no accepted permit allows this: %s", "T01", "T41", "T42", "T44"),
  R19("wrong-size", "the size does not fit: %s", "T05", "T23", "T62"),
  R20("block-digest", "these bytes are not the ones permitted: %s", "T03", "T26", "T57", "T70"),
  R21("image-digest", "the image is not the one permitted: %s", "T02", "T05", "T21", "T49"),
  R22("wrong-format", "the image is not in the form that is expected: %s", "T12", "T69"),
  R23("wrong-component", "the release is for another place: %s", "T13", "T47", "T64"),
  R24("wrong-precursor", "the release needs another image to start from: %s", "T14"),
  R25("busy", "too much was asked in too short a time: %s", "T24", "T46", "T50"),
  R26("not-permitted", "this needs a permit of its own: %s", "T37", "T38", "T44", "T45"),
  R27("wrong-uri", "this source is not allowed: %s", "T26"),
  R28("revoked", "the key is no longer trusted: %s", "T07", "T32"),
  R29("already-there", "nothing to do, it is already there: %s", "T51"),
  R30("deferred", "not now: %s", "T52");

  private final String code;
  private final String template;
  private final String threats;

  Refusal(String code, String template, String... threats) {
    this.code = code;
    this.template = template;
    this.threats = String.join(" ", threats);
  }

  public int number() {
    return Integer.parseInt(name().substring(1));
  }

  public static Optional<Refusal> ofNumber(int number) {
    return Arrays.stream(values()).filter(refusal -> refusal.number() == number).findFirst();
  }

  /// A word for machines, such as `sequence-too-low`.
  public String code() {
    return code;
  }

  /// A sentence for people; `detail` says what was found and what was expected.
  public String sentence(String detail) {
    return template.formatted(detail);
  }

  /// The rows of the threat model, such as `T16`.
  public List<String> threats() {
    return List.of(threats.split(" "));
  }
}
