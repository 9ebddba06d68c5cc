// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.suit.SuitCommand.ComponentIndex;
import dev.sealift.suit.SuitCommand.Condition;
import dev.sealift.suit.SuitCommand.Directive;
import dev.sealift.suit.SuitCommand.Otherwise;
import dev.sealift.suit.SuitCommand.ReportPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// Commands in order, written flat: `[ command, argument, command, argument, … ]`.
public record SuitSequence(List<SuitCommand> commands) {
  /// Sequences inside sequences (try-each, run-sequence) no deeper than this.
  public static final int DEPTH_MAX = 8;

  public SuitSequence {
    commands = List.copyOf(commands);
  }

  public static SuitSequence of(SuitCommand... commands) {
    return new SuitSequence(List.of(commands));
  }

  public Bytes encode() {
    List<CborItem> flat = new ArrayList<>();
    for (SuitCommand command : commands) {
      append(flat, command);
    }
    return Cbor.deterministic(new CborList(flat));
  }

  static SuitSequence decode(Bytes bytes) throws MalformedException, RefusedException {
    return decode(bytes, 0);
  }

  private static SuitSequence decode(Bytes bytes, int depth)
      throws MalformedException, RefusedException {
    if (depth > DEPTH_MAX) {
      throw RefusedException.unsupported("sequences nested deeper than " + DEPTH_MAX);
    }
    CborList flat = CborFields.expect(Cbor.strict(bytes), CborList.class, "command sequence");
    if (flat.size() % 2 != 0) {
      throw new MalformedException("command sequence ends with a command alone", 0);
    }
    List<SuitCommand> commands = new ArrayList<>();
    for (int i = 0; i < flat.size(); i += 2) {
      long label =
          CborFields.toLong(CborFields.expect(flat.get(i), CborInt.class, "command"), "command");
      commands.add(command(label, flat.get(i + 1), depth));
    }
    return new SuitSequence(commands);
  }

  private static SuitCommand command(long label, CborItem argument, int depth)
      throws MalformedException, RefusedException {
    if (label <= SuitParameter.CUSTOM_LABEL_MAX) {
      return new SuitCommand.Custom(label, argument);
    }
    Optional<Condition> condition = Condition.labelled(label);
    if (condition.isPresent()) {
      return new SuitCommand.Check(condition.get(), policy(argument));
    }
    Optional<Directive> directive = Directive.labelled(label);
    if (directive.isPresent()) {
      return new SuitCommand.Act(directive.get(), policy(argument));
    }
    return switch (Math.clamp(label, -1, Integer.MAX_VALUE)) {
      case CommandLabel.SET_COMPONENT_INDEX -> new SuitCommand.SetComponentIndex(index(argument));
      case CommandLabel.TRY_EACH -> tryEach(argument, depth);
      case CommandLabel.SET_PARAMETERS ->
          new SuitCommand.SetParameters(SuitParameters.fromCbor(argument));
      case CommandLabel.OVERRIDE_PARAMETERS ->
          new SuitCommand.OverrideParameters(SuitParameters.fromCbor(argument));
      case CommandLabel.RUN_SEQUENCE ->
          new SuitCommand.RunSequence(
              decode(
                  CborFields.expect(argument, CborBytes.class, "run-sequence").value(), depth + 1));
      case CommandLabel.OVERRIDE_MULTIPLE -> overrideMultiple(argument);
      case CommandLabel.COPY_PARAMETERS -> copyParameters(argument);
      default -> throw RefusedException.unsupported("command " + label + " is not known");
    };
  }

  private static ReportPolicy policy(CborItem item) throws MalformedException {
    long bits =
        CborFields.toLong(
            CborFields.expect(item, CborInt.class, "reporting policy"), "reporting policy");
    if (bits < 0 || bits > ReportPolicy.BITS_MAX) {
      throw new MalformedException("reporting policy " + bits, 0);
    }
    return new ReportPolicy((int) bits);
  }

  private static ComponentIndex index(CborItem item) throws MalformedException {
    return switch (item) {
      case CborBool(var all) when all -> new ComponentIndex.All();
      case CborList(var items) when !items.isEmpty() -> {
        List<Long> indices = new ArrayList<>();
        for (CborItem index : items) {
          indices.add(unsigned(index));
        }
        yield new ComponentIndex.Several(indices);
      }
      default -> new ComponentIndex.One(unsigned(item));
    };
  }

  private static SuitCommand tryEach(CborItem item, int depth)
      throws MalformedException, RefusedException {
    List<SuitSequence> branches = new ArrayList<>();
    Otherwise otherwise = Otherwise.FAIL;
    for (CborItem branch : CborFields.expect(item, CborList.class, "try-each").items()) {
      if (otherwise == Otherwise.SUCCEED) {
        throw new MalformedException("try-each goes on after nil", 0);
      }
      if (branch instanceof CborNull) {
        otherwise = Otherwise.SUCCEED;
      } else {
        branches.add(
            decode(CborFields.expect(branch, CborBytes.class, "branch").value(), depth + 1));
      }
    }
    if (branches.size() + (otherwise == Otherwise.SUCCEED ? 1 : 0) < 2) {
      throw new MalformedException("try-each with nothing to choose from", 0);
    }
    return new SuitCommand.TryEach(branches, otherwise);
  }

  private static SuitCommand overrideMultiple(CborItem item)
      throws MalformedException, RefusedException {
    SortedMap<Long, SuitParameters> byComponent = new TreeMap<>();
    for (var entry : entries(item, "override-multiple").entrySet()) {
      byComponent.put(unsigned(entry.getKey()), SuitParameters.fromCbor(entry.getValue()));
    }
    return new SuitCommand.OverrideMultiple(byComponent);
  }

  private static SuitCommand copyParameters(CborItem item) throws MalformedException {
    SortedMap<Long, List<Long>> labelsByComponent = new TreeMap<>();
    for (var entry : entries(item, "copy-params").entrySet()) {
      List<Long> labels = new ArrayList<>();
      for (CborItem label :
          CborFields.expect(entry.getValue(), CborList.class, "copy-params").items()) {
        labels.add(
            CborFields.toLong(CborFields.expect(label, CborInt.class, "parameter"), "parameter"));
      }
      labelsByComponent.put(unsigned(entry.getKey()), List.copyOf(labels));
    }
    return new SuitCommand.CopyParameters(labelsByComponent);
  }

  private static java.util.Map<CborItem, CborItem> entries(CborItem item, String what)
      throws MalformedException {
    CborMap map = CborFields.expect(item, CborMap.class, what);
    if (map.size() == 0) {
      throw new MalformedException(what + " of nothing", 0);
    }
    return map.entries();
  }

  private static long unsigned(CborItem item) throws MalformedException {
    long value =
        CborFields.toLong(
            CborFields.expect(item, CborInt.class, "component index"), "component index");
    if (value < 0) {
      throw new MalformedException("component index " + value, 0);
    }
    return value;
  }

  private static void append(List<CborItem> flat, SuitCommand command) {
    switch (command) {
      case SuitCommand.Check(var condition, var policy) ->
          add(flat, condition.label(), CborInt.of(policy.bits()));
      case SuitCommand.Act(var directive, var policy) ->
          add(flat, directive.label(), CborInt.of(policy.bits()));
      case SuitCommand.SetComponentIndex(var index) ->
          add(
              flat,
              CommandLabel.SET_COMPONENT_INDEX,
              switch (index) {
                case ComponentIndex.One(var one) -> CborInt.of(one);
                case ComponentIndex.All _ -> new CborBool(true);
                case ComponentIndex.Several(var several) -> integers(several);
              });
      case SuitCommand.SetParameters(var parameters) ->
          add(flat, CommandLabel.SET_PARAMETERS, parameters.toCbor());
      case SuitCommand.OverrideParameters(var parameters) ->
          add(flat, CommandLabel.OVERRIDE_PARAMETERS, parameters.toCbor());
      case SuitCommand.TryEach(var branches, var otherwise) -> {
        List<CborItem> items = new ArrayList<>();
        branches.forEach(branch -> items.add(new CborBytes(branch.encode())));
        if (otherwise == Otherwise.SUCCEED) {
          items.add(new CborNull());
        }
        add(flat, CommandLabel.TRY_EACH, new CborList(items));
      }
      case SuitCommand.RunSequence(var sequence) ->
          add(flat, CommandLabel.RUN_SEQUENCE, new CborBytes(sequence.encode()));
      case SuitCommand.OverrideMultiple(var byComponent) -> {
        CborMap.Builder map = CborMap.builder();
        byComponent.forEach((index, parameters) -> map.put(index, parameters.toCbor()));
        add(flat, CommandLabel.OVERRIDE_MULTIPLE, map.build());
      }
      case SuitCommand.CopyParameters(var labelsByComponent) -> {
        CborMap.Builder map = CborMap.builder();
        labelsByComponent.forEach((index, labels) -> map.put(index, integers(labels)));
        add(flat, CommandLabel.COPY_PARAMETERS, map.build());
      }
      case SuitCommand.Custom(var label, var argument) -> add(flat, label, argument);
    }
  }

  private static void add(List<CborItem> flat, long label, CborItem argument) {
    flat.add(CborInt.of(label));
    flat.add(argument);
  }

  private static CborItem integers(List<Long> values) {
    return new CborList(values.stream().<CborItem>map(CborInt::of).toList());
  }
}
