// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import java.util.Optional;

/// An operator's word that is being changed.
record EndorsementDraft(Endorsement word) {
  static EndorsementDraft of(Endorsement word) {
    return new EndorsementDraft(word);
  }

  EndorsementDraft deployment(DeploymentId other) {
    return new EndorsementDraft(
        new Endorsement(
            word.manifest(),
            other,
            word.targets(),
            word.notBefore(),
            word.notAfter(),
            word.serial(),
            word.activation()));
  }

  EndorsementDraft targets(Targets others) {
    return new EndorsementDraft(
        new Endorsement(
            word.manifest(),
            word.deployment(),
            others,
            word.notBefore(),
            word.notAfter(),
            word.serial(),
            word.activation()));
  }

  EndorsementDraft from(long time) {
    return times(Optional.of(time), word.notAfter());
  }

  EndorsementDraft until(long time) {
    return times(word.notBefore(), Optional.of(time));
  }

  EndorsementDraft withoutEnd() {
    return times(word.notBefore(), Optional.empty());
  }

  private EndorsementDraft times(Optional<Long> notBefore, Optional<Long> notAfter) {
    return new EndorsementDraft(
        new Endorsement(
            word.manifest(),
            word.deployment(),
            word.targets(),
            notBefore,
            notAfter,
            word.serial(),
            word.activation()));
  }

  EndorsementDraft serial(long other) {
    return new EndorsementDraft(
        new Endorsement(
            word.manifest(),
            word.deployment(),
            word.targets(),
            word.notBefore(),
            word.notAfter(),
            other,
            word.activation()));
  }

  EndorsementDraft activation(ActivationRule rule) {
    return new EndorsementDraft(
        new Endorsement(
            word.manifest(),
            word.deployment(),
            word.targets(),
            word.notBefore(),
            word.notAfter(),
            word.serial(),
            rule));
  }
}
