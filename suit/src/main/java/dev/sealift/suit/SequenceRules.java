// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import java.util.List;

/// Rules over sequences that need no device to be judged: indices exist, nothing private stands in
/// the shared sequence, soft failure is set only where the standard knows what it means.
final class SequenceRules {
  private enum Place {
    SHARED,
    SECTION,
    /// Inside try-each or run-sequence of a section.
    NESTED,
    NESTED_IN_SHARED;

    boolean isShared() {
      return this == SHARED || this == NESTED_IN_SHARED;
    }

    Place inside() {
      return isShared() ? NESTED_IN_SHARED : NESTED;
    }

    boolean allowsSoftFailure() {
      return this == NESTED || this == NESTED_IN_SHARED;
    }
  }

  private final SuitCommon common;

  private SequenceRules(SuitCommon common) {
    this.common = common;
  }

  static void check(SuitManifest manifest) throws RefusedException {
    SequenceRules rules = new SequenceRules(manifest.common());
    if (manifest.common().shared().isPresent()) {
      rules.check(manifest.common().shared().get(), Place.SHARED);
    }
    for (SuitSection section : SuitSection.values()) {
      if (manifest.sequence(section).isPresent()) {
        rules.check(manifest.sequence(section).get(), Place.SECTION);
      }
    }
  }

  private void check(SuitSequence sequence, Place place) throws RefusedException {
    for (SuitCommand command : sequence.commands()) {
      switch (command) {
        case SuitCommand.Check _, SuitCommand.Act _ -> {}
        case SuitCommand.SetComponentIndex(var index) ->
            checkIndices(
                switch (index) {
                  case SuitCommand.ComponentIndex.One(var one) -> List.of(one);
                  case SuitCommand.ComponentIndex.All _ -> List.of();
                  case SuitCommand.ComponentIndex.Several(var several) -> several;
                });
        case SuitCommand.SetParameters(var parameters) -> checkParameters(parameters, place);
        case SuitCommand.OverrideParameters(var parameters) -> checkParameters(parameters, place);
        case SuitCommand.TryEach(var branches, _) -> {
          for (SuitSequence branch : branches) {
            check(branch, place.inside());
          }
        }
        case SuitCommand.RunSequence(var inner) -> check(inner, place.inside());
        case SuitCommand.OverrideMultiple(var byComponent) -> {
          checkIndices(List.copyOf(byComponent.keySet()));
          for (SuitParameters parameters : byComponent.values()) {
            checkParameters(parameters, place);
          }
        }
        case SuitCommand.CopyParameters(var labelsByComponent) ->
            checkIndices(List.copyOf(labelsByComponent.keySet()));
        case SuitCommand.Custom(var label, _) -> {
          if (place.isShared()) {
            throw RefusedException.unsupported("private command " + label + " in shared sequence");
          }
        }
      }
    }
  }

  private void checkIndices(List<Long> indices) throws RefusedException {
    for (long index : indices) {
      if (!common.hasIndex(index)) {
        throw new RefusedException(
            SuitStage.POLICY, SuitRefusal.Reason.COMPONENT, "there is no component " + index);
      }
    }
  }

  private void checkParameters(SuitParameters parameters, Place place) throws RefusedException {
    for (SuitParameter parameter : parameters.list()) {
      if (parameter instanceof SuitParameter.SoftFailure && !place.allowsSoftFailure()) {
        throw RefusedException.unsupported("soft failure set outside of try-each and run-sequence");
      }
      if (parameter instanceof SuitParameter.SourceComponent(var index)) {
        checkIndices(List.of(index));
      }
    }
  }
}
