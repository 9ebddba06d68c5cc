// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.TrustState.Staged.Purpose;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.cose.KeyId;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// A permit that passed every check. Only [PermitCheck] makes one, so that whoever holds one need
/// not ask again; every byte of an image is judged against it. One that is only to be carried for
/// others is never let run, whoever holds it.
public final class AcceptedPermit {
  private final Release release;
  private final List<Release.Part> parts;
  private final SuitDigest manifestDigest;
  private final Bytes bundle;
  private final List<KeyId> signers;
  private final Optional<Endorsement> endorsement;
  private final Purpose purpose;

  AcceptedPermit(
      Release release,
      List<Release.Part> parts,
      SuitDigest manifestDigest,
      Bytes bundle,
      List<KeyId> signers,
      Optional<Endorsement> endorsement,
      Purpose purpose) {
    this.release = release;
    this.parts = List.copyOf(parts);
    this.manifestDigest = manifestDigest;
    this.bundle = bundle;
    this.signers = List.copyOf(signers);
    this.endorsement = endorsement;
    this.purpose = purpose;
  }

  public Release release() {
    return release;
  }

  /// Those of the release that this device takes: one for each image that it names.
  public List<Release.Part> parts() {
    return parts;
  }

  /// The part for an image, if the permit has one.
  public Optional<Release.Part> part(int image) {
    return parts.stream().filter(part -> part.place().image() == image).findFirst();
  }

  /// By which the release is named everywhere.
  public SuitDigest manifestDigest() {
    return manifestDigest;
  }

  /// As it came, to be stored and passed on.
  public Bytes bundle() {
    return bundle;
  }

  public List<KeyId> signers() {
    return signers;
  }

  /// The operator's word that was followed, where the policy asks for one.
  public Optional<Endorsement> endorsement() {
    return endorsement;
  }

  /// Whether to run it or only to carry it.
  public Purpose purpose() {
    return purpose;
  }

  public ReleaseMark mark() {
    return new ReleaseMark(release.sequence(), manifestDigest);
  }

  /// Why the release may not begin to run yet; `allowed` is what sessions and people at the device
  /// have said (T52).
  public Optional<Verdict.Refuse> activationRefusal(
      Clock clock, Set<Consent> allowed, Checks checks) {
    if (purpose == Purpose.CARRY) {
      return Optional.of(
          new Verdict.Refuse(Refusal.R10, "it was taken along for others, not to run here"));
    }
    if (endorsement.isEmpty() || !checks.make(Check.ACTIVATION)) {
      return Optional.empty();
    }
    Endorsement word = endorsement.get();
    // R16: it has ended for certain.
    if (word.notAfter().filter(end -> clock.atLeast() > end).isPresent()) {
      return Optional.of(
          new Verdict.Refuse(
              Refusal.R16, "the endorsement ended at %d".formatted(word.notAfter().get())));
    }
    if (allowed.contains(Consent.SESSION)) {
      return Optional.empty();
    }
    // R30: without anybody who says what time it is, no window has opened yet.
    if (word.notBefore().filter(start -> clock.atLeast() < start).isPresent()) {
      return Optional.of(
          new Verdict.Refuse(
              Refusal.R30,
              "it may run from %d on, it is %d or later"
                  .formatted(word.notBefore().get(), clock.atLeast())));
    }
    boolean open =
        switch (word.activation()) {
          case ActivationRule.AtOnce() -> true;
          case ActivationRule.Daily daily -> clock.guess().filter(daily::isOpenAt).isPresent();
          case ActivationRule.OnConsent() -> allowed.contains(Consent.ON_THE_SPOT);
          case ActivationRule.WithSession() -> false;
        };
    return open
        ? Optional.empty()
        : Optional.of(new Verdict.Refuse(Refusal.R30, "it may run " + word.activation()));
  }

  /// Who has said, beside the endorsement, that it may run now.
  public enum Consent {
    SESSION,
    ON_THE_SPOT
  }

  @Override
  public String toString() {
    return "permit for %s, sequence %s, %s"
        .formatted(
            release.version(),
            release.sequence(),
            parts.stream().map(part -> part.place().toString()).toList());
  }
}
