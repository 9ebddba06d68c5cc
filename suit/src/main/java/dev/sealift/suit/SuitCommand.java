// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.cbor.CborItem;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// One command of a sequence. Where the standard has a reporting policy for argument, it is kept;
/// it changes what is reported, never what is done.
public sealed interface SuitCommand {
  /// A test that must hold.
  record Check(Condition condition, ReportPolicy policy) implements SuitCommand {}

  /// A deed whose only argument is its reporting policy.
  record Act(Directive directive, ReportPolicy policy) implements SuitCommand {}

  record SetComponentIndex(ComponentIndex index) implements SuitCommand {}

  /// Sets parameters that are not set yet.
  record SetParameters(SuitParameters parameters) implements SuitCommand {}

  record OverrideParameters(SuitParameters parameters) implements SuitCommand {}

  /// The first branch that succeeds; if none does, what `otherwise` says.
  record TryEach(List<SuitSequence> branches, Otherwise otherwise) implements SuitCommand {
    public TryEach {
      branches = List.copyOf(branches);
    }
  }

  record RunSequence(SuitSequence sequence) implements SuitCommand {}

  /// Overrides parameters of several components at once.
  record OverrideMultiple(SortedMap<Long, SuitParameters> byComponent) implements SuitCommand {
    public OverrideMultiple {
      byComponent = new TreeMap<>(byComponent);
    }
  }

  /// Copies the named parameters of other components to the current one.
  record CopyParameters(SortedMap<Long, List<Long>> labelsByComponent) implements SuitCommand {
    public CopyParameters {
      labelsByComponent = new TreeMap<>(labelsByComponent);
    }
  }

  record Custom(long label, CborItem argument) implements SuitCommand {
    public Custom {
      if (label > SuitParameter.CUSTOM_LABEL_MAX) {
        throw new IllegalArgumentException("no private label: " + label);
      }
    }
  }

  enum Otherwise {
    FAIL,
    /// A nil as the last branch: nothing done is good, too.
    SUCCEED
  }

  enum Condition {
    VENDOR_ID(1),
    CLASS_ID(2),
    IMAGE_MATCH(3),
    USE_BEFORE(4),
    COMPONENT_SLOT(5),
    CHECK_CONTENT(6),
    DEPENDENCY_INTEGRITY(7),
    IS_DEPENDENCY(8),
    ABORT(14),
    DEVICE_ID(24),
    IMAGE_NOT_MATCH(25),
    MINIMUM_BATTERY(26),
    UPDATE_AUTHORIZED(27),
    VERSION(28);

    private final int label;

    Condition(int label) {
      this.label = label;
    }

    public int label() {
      return label;
    }

    static Optional<Condition> labelled(long label) {
      return Arrays.stream(values()).filter(known -> known.label == label).findFirst();
    }
  }

  enum Directive {
    PROCESS_DEPENDENCY(11),
    WRITE(18),
    FETCH(21),
    COPY(22),
    INVOKE(23),
    WAIT(29),
    SWAP(31),
    UNLINK(33);

    private final int label;

    Directive(int label) {
      this.label = label;
    }

    public int label() {
      return label;
    }

    static Optional<Directive> labelled(long label) {
      return Arrays.stream(values()).filter(known -> known.label == label).findFirst();
    }
  }

  /// What goes into a report: a set of four bits.
  record ReportPolicy(int bits) {
    /// Everything, on success and on failure.
    public static final ReportPolicy ALL = new ReportPolicy(15);

    public static final int BITS_MAX = 15;

    public ReportPolicy {
      if (bits < 0 || bits > BITS_MAX) {
        throw new IllegalArgumentException("no reporting policy: " + bits);
      }
    }
  }

  /// The components that the commands to come speak of.
  sealed interface ComponentIndex {
    record One(long index) implements ComponentIndex {}

    record All() implements ComponentIndex {}

    record Several(List<Long> indices) implements ComponentIndex {
      public Several {
        indices = List.copyOf(indices);
      }
    }
  }
}
