// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.suit.ComponentId;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/// A scope that is being narrowed.
record ScopeDraft(Scope scope) {
  /// Limits nothing yet.
  static final ScopeDraft ANY =
      new ScopeDraft(
          new Scope(List.of(), List.of(), List.of(), List.of(), Optional.empty(), List.of()));

  static ScopeDraft of(VendorId vendor, ClassId deviceClass) {
    return new ScopeDraft(Scope.ofClass(vendor, deviceClass));
  }

  ScopeDraft deployments(DeploymentId... ids) {
    return new ScopeDraft(
        new Scope(
            scope.vendors(),
            scope.classes(),
            scope.componentPrefixes(),
            Arrays.stream(ids).map(DeploymentId::bytes).toList(),
            scope.sequences(),
            scope.uriPrefixes()));
  }

  ScopeDraft uris(String... prefixes) {
    return new ScopeDraft(
        new Scope(
            scope.vendors(),
            scope.classes(),
            scope.componentPrefixes(),
            scope.deployments(),
            scope.sequences(),
            List.of(prefixes)));
  }

  ScopeDraft places(Place... places) {
    return new ScopeDraft(
        new Scope(
            scope.vendors(),
            scope.classes(),
            Arrays.stream(places).map(place -> ComponentId.of(place.segment())).toList(),
            scope.deployments(),
            scope.sequences(),
            scope.uriPrefixes()));
  }

  ScopeDraft sequences(long first, long last) {
    return new ScopeDraft(
        scope.withSequences(new SequenceNumber(1, first), new SequenceNumber(1, last)));
  }
}
