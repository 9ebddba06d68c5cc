// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.suit.cose.CoseSigner;
import java.util.ArrayList;
import java.util.List;

/// What an operator signs for a campaign: one endorsement for each stage, of one release in one
/// deployment, each for at least the devices of the one before. The later ones stay with the
/// operator until they are wanted, so that whoever holds the servers cannot widen a stage.
///
/// `{ 1: 1, 2: [+ bstr(endorsement)] }`
public record ApprovalPlan(List<Signed<Endorsement>> stages) {
  public static final int STAGES_MAX = 16;

  private static final int VERSION = 1;
  private static final int STAGES = 2;

  public ApprovalPlan {
    stages = List.copyOf(stages);
    if (stages.isEmpty() || stages.size() > STAGES_MAX) {
      throw new IllegalArgumentException(
          "%d stages, not 1 to %d".formatted(stages.size(), STAGES_MAX));
    }
    Endorsement before = stages.getFirst().content();
    for (Signed<Endorsement> signed : stages.subList(1, stages.size())) {
      Endorsement stage = signed.content();
      if (!stage.manifest().equals(before.manifest())
          || !stage.deployment().equals(before.deployment())) {
        throw new IllegalArgumentException("stages of different releases or deployments");
      }
      if (stage.serial() <= before.serial()) {
        throw new IllegalArgumentException(
            "stage number %d after %d".formatted(stage.serial(), before.serial()));
      }
      if (!contains(stage.targets(), before.targets())) {
        throw new IllegalArgumentException(
            "%s, after %s: a later stage never leaves out who was in before"
                .formatted(stage.targets(), before.targets()));
      }
      before = stage;
    }
  }

  public static ApprovalPlan unsigned(List<Endorsement> stages) {
    return new ApprovalPlan(stages.stream().map(Signed::unsigned).toList());
  }

  public ApprovalPlan signedBy(CoseSigner signer) {
    return new ApprovalPlan(stages.stream().map(stage -> stage.signedBy(signer)).toList());
  }

  private static boolean contains(Targets wider, Targets narrower) {
    return switch (wider) {
      case Targets.All() -> true;
      case Targets.Sample(var salt, var fraction) ->
          narrower instanceof Targets.Sample(var other, var smaller)
              && salt.equals(other)
              && smaller.compareTo(fraction) <= 0;
      case Targets.Listed(var devices) ->
          narrower instanceof Targets.Listed(var fewer) && devices.containsAll(fewer);
      case Targets.Serials(var low, var high) ->
          narrower instanceof Targets.Serials(var from, var to) && low <= from && to <= high;
    };
  }

  public Bytes encode() {
    return Cbor.deterministic(
        CborMap.builder()
            .put(VERSION, 1)
            .put(
                STAGES,
                new CborList(
                    stages.stream().<CborItem>map(stage -> new CborBytes(stage.encode())).toList()))
            .build());
  }

  public static ApprovalPlan decode(Bytes bytes) throws MalformedException {
    CborFields fields = CborFields.of(Cbor.strict(bytes), "approval plan");
    fields.onlyKeys(VERSION, STAGES);
    if (fields.integer(VERSION) != 1) {
      throw new MalformedException("plan version " + fields.integer(VERSION), 0);
    }
    List<Signed<Endorsement>> stages = new ArrayList<>();
    for (CborItem item : fields.list(STAGES)) {
      Bytes slice = CborFields.expect(item, CborBytes.class, "stage").value();
      stages.add(Signed.decode(slice, Endorsement::decode));
    }
    try {
      return new ApprovalPlan(stages);
    } catch (IllegalArgumentException e) {
      throw new MalformedException("approval plan: " + e.getMessage(), 0, e);
    }
  }
}
