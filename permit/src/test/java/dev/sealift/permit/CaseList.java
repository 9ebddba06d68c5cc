// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.suit.SuitCommand;
import dev.sealift.suit.SuitCommon;
import dev.sealift.suit.SuitDigest;
import dev.sealift.suit.SuitEnvelope;
import dev.sealift.suit.SuitManifest;
import dev.sealift.suit.SuitMember;
import dev.sealift.suit.SuitSection;
import dev.sealift.suit.SuitSequence;
import dev.sealift.suit.cose.CoseKeyPair;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.UnaryOperator;

/// Cases as they are written down, one sentence each: what is brought, to whom, and what comes of
/// it. Says also how bundles are made that no honest tool would make.
final class CaseList {
  /// What a device says, without its reasons.
  sealed interface Outcome {
    record Install() implements Outcome {}

    record Carry() implements Outcome {}

    record Refuse(Refusal refusal) implements Outcome {}

    static Outcome of(Verdict verdict) {
      return switch (verdict) {
        case Verdict.Install _ -> new Install();
        case Verdict.Carry _ -> new Carry();
        case Verdict.Refuse(var refusal, _) -> new Refuse(refusal);
      };
    }
  }

  /// `after` is the state with what was learnt; where nothing was, the state before.
  record Case(
      String name,
      DeviceFacts facts,
      TrustState state,
      Bytes bundle,
      Outcome outcome,
      TrustState after) {
    Decision decide(Checks checks) {
      return PermitCheck.decide(bundle, facts, state, checks);
    }

    @Override
    public String toString() {
      return name;
    }
  }

  final World world;
  private final List<Case> cases = new ArrayList<>();

  CaseList(World world) {
    this.world = world;
  }

  List<Case> cases() {
    return List.copyOf(cases);
  }

  /// Brought to a new device that follows its maker alone, unless something else is said.
  Draft brought(String name, Bytes bundle) {
    return new Draft(name, world.facts, world.state, bundle, UnaryOperator.identity());
  }

  Draft brought(String name, Bundle bundle) {
    return brought(name, bundle.encode());
  }

  /// Brought to a new device that follows an operator too.
  Draft managed(String name, Bundle bundle) {
    return brought(name, bundle).knowing(world.managedState);
  }

  final class Draft {
    private final String name;
    private final DeviceFacts facts;
    private final TrustState state;
    private final Bytes bundle;
    private final UnaryOperator<TrustState> learnt;

    private Draft(
        String name,
        DeviceFacts facts,
        TrustState state,
        Bytes bundle,
        UnaryOperator<TrustState> learnt) {
      this.name = name;
      this.facts = facts;
      this.state = state;
      this.bundle = bundle;
      this.learnt = learnt;
    }

    Draft to(DeviceFacts other) {
      return new Draft(name, other, state, bundle, learnt);
    }

    Draft knowing(TrustState other) {
      return new Draft(name, facts, other, bundle, learnt);
    }

    Draft trusting(Root root) {
      return knowing(TrustState.fresh(root));
    }

    Draft learns(UnaryOperator<TrustState> more) {
      return new Draft(name, facts, state, bundle, before -> more.apply(learnt.apply(before)));
    }

    Draft learns(Signed<Beacon> beacon) {
      return learns(before -> world.heard(before, beacon));
    }

    Draft learns(Root root) {
      return learns(before -> before.trusting(root));
    }

    void installs() {
      add(new Outcome.Install());
    }

    void carries() {
      add(new Outcome.Carry());
    }

    void refuses(Refusal refusal) {
      add(new Outcome.Refuse(refusal));
    }

    private void add(Outcome outcome) {
      cases.add(new Case(name, facts, state, bundle, outcome, learnt.apply(state)));
    }
  }

  // What no honest tool would make.

  static SuitEnvelope with(
      SuitEnvelope envelope, Map<Integer, Bytes> severed, Map<String, Bytes> integrated) {
    return new SuitEnvelope(
        envelope.digestBytes(),
        envelope.blocks(),
        envelope.manifestBytes(),
        new TreeMap<>(severed),
        new TreeMap<>(integrated));
  }

  /// An envelope around any bytes, signed by nobody.
  static SuitEnvelope bare(Bytes manifest) {
    return new SuitEnvelope(
        SuitDigest.ofWrapped(manifest).encode(),
        List.of(),
        manifest,
        new TreeMap<>(),
        new TreeMap<>());
  }

  Bundle signedBytes(Bytes manifest) {
    return world.signed(bare(manifest), enough());
  }

  Bundle signedManifest(SuitManifest manifest) {
    return world.signed(SuitEnvelope.unsigned(manifest), enough());
  }

  CoseKeyPair[] enough() {
    return new CoseKeyPair[] {world.releaseKeys.get(0), world.releaseKeys.get(1)};
  }

  Bundle changed(
      SuitManifest manifest, SuitSection section, UnaryOperator<List<SuitCommand>> change) {
    Map<SuitSection, SuitMember<SuitSequence>> sections = new EnumMap<>(manifest.sections());
    sections.put(
        section,
        new SuitMember.Inside<>(
            new SuitSequence(change.apply(manifest.sequence(section).orElseThrow().commands()))));
    return signedManifest(with(manifest, manifest.common(), sections));
  }

  static SuitManifest changedShared(
      SuitManifest manifest, UnaryOperator<List<SuitCommand>> change) {
    List<SuitCommand> commands = manifest.common().shared().orElseThrow().commands();
    return with(
        manifest,
        SuitCommon.of(manifest.common().components(), new SuitSequence(change.apply(commands))),
        manifest.sections());
  }

  static SuitManifest with(
      SuitManifest manifest,
      SuitCommon common,
      Map<SuitSection, SuitMember<SuitSequence>> sections) {
    return new SuitManifest(
        manifest.sequenceNumber(),
        common,
        manifest.referenceUri(),
        manifest.componentId(),
        manifest.version(),
        sections,
        manifest.coswid(),
        manifest.text());
  }

  static List<SuitCommand> without(List<SuitCommand> commands, SuitCommand.Condition condition) {
    return commands.stream()
        .filter(
            command -> !(command instanceof SuitCommand.Check(var found, _) && found == condition))
        .toList();
  }

  static <T> List<T> append(List<T> list, T last) {
    List<T> more = new ArrayList<>(list);
    more.add(last);
    return more;
  }
}
