// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.permit.ActivationRule;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.Endorsement;
import dev.sealift.permit.Targets;
import java.util.Optional;

/// An operator's word as somebody would like to have it: all as in a usual one but what is named.
final class EndorsementDraft {
  private Endorsement word;

  EndorsementDraft(Endorsement word) {
    this.word = word;
  }

  EndorsementDraft in(DeploymentId deployment) {
    word =
        new Endorsement(
            word.manifest(),
            deployment,
            word.targets(),
            word.notBefore(),
            word.notAfter(),
            word.serial(),
            word.activation());
    return this;
  }

  EndorsementDraft targets(Targets targets) {
    word =
        new Endorsement(
            word.manifest(),
            word.deployment(),
            targets,
            word.notBefore(),
            word.notAfter(),
            word.serial(),
            word.activation());
    return this;
  }

  EndorsementDraft serial(long serial) {
    word =
        new Endorsement(
            word.manifest(),
            word.deployment(),
            word.targets(),
            word.notBefore(),
            word.notAfter(),
            serial,
            word.activation());
    return this;
  }

  /// Times are seconds since 1970.
  EndorsementDraft from(long time) {
    return window(Optional.of(time), word.notAfter());
  }

  EndorsementDraft until(long time) {
    return window(word.notBefore(), Optional.of(time));
  }

  private EndorsementDraft window(Optional<Long> from, Optional<Long> until) {
    word =
        new Endorsement(
            word.manifest(),
            word.deployment(),
            word.targets(),
            from,
            until,
            word.serial(),
            word.activation());
    return this;
  }

  EndorsementDraft starting(ActivationRule rule) {
    word =
        new Endorsement(
            word.manifest(),
            word.deployment(),
            word.targets(),
            word.notBefore(),
            word.notAfter(),
            word.serial(),
            rule);
    return this;
  }

  Endorsement word() {
    return word;
  }
}
