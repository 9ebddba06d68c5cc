// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.List;
import java.util.Optional;

/// Group 10: which groups a device has, in the order in which it registered them.
public final class Enumeration {
  private Enumeration() {}

  /// Asks how many there are.
  public record Count() implements Request<CountReply> {
    @Override
    public CommandKey command() {
      return Command.ENUMERATION_COUNT.key();
    }

    @Override
    public CountReply reply(CborFields answer) throws MalformedException {
      return CountReply.of(answer);
    }
  }

  /// That many.
  public record CountReply(long count) implements Reply {
    static CountReply of(CborFields in) throws MalformedException {
      return new CountReply(in.unsigned("count"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("count", count).build();
    }
  }

  /// Asks for the numbers of all.
  public record Numbers() implements Request<NumbersReply> {
    @Override
    public CommandKey command() {
      return Command.ENUMERATION_LIST.key();
    }

    @Override
    public NumbersReply reply(CborFields answer) throws MalformedException {
      return NumbersReply.of(answer);
    }
  }

  /// The numbers of all groups.
  public record NumbersReply(List<Long> groups) implements Reply {
    public NumbersReply {
      groups = List.copyOf(groups);
    }

    static NumbersReply of(CborFields in) throws MalformedException {
      return new NumbersReply(Fields.numberList(in, "groups"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("groups", Fields.numberList(groups)).build();
    }
  }

  /// Asks for one of them by its index.
  public record Single(Optional<Long> index) implements Request<SingleReply> {
    static Single of(CborFields in) throws MalformedException {
      return new Single(in.optionalUnsigned("index"));
    }

    @Override
    public CommandKey command() {
      return Command.ENUMERATION_SINGLE.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      index.ifPresent(value -> out.put("index", value));
      return out.build();
    }

    @Override
    public SingleReply reply(CborFields answer) throws MalformedException {
      return SingleReply.of(answer);
    }
  }

  /// Its number, and whether it is the last.
  public record SingleReply(long group, Optional<Boolean> end) implements Reply {
    static SingleReply of(CborFields in) throws MalformedException {
      return new SingleReply(in.unsigned("group"), in.optionalBool("end"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("group", group);
      end.ifPresent(value -> out.put("end", value));
      return out.build();
    }
  }

  /// Asks for names and sizes, of some groups or all. Groups that are not there are left out.
  public record Details(List<Long> groups) implements Request<DetailsReply> {
    public Details {
      groups = List.copyOf(groups);
    }

    /// Of all groups.
    public Details() {
      this(List.of());
    }

    static Details of(CborFields in) throws MalformedException {
      return new Details(
          in.map().get("groups").isEmpty() ? List.of() : Fields.numberList(in, "groups"));
    }

    @Override
    public CommandKey command() {
      return Command.ENUMERATION_DETAILS.key();
    }

    @Override
    public CborMap fields() {
      return groups.isEmpty()
          ? CborMap.EMPTY
          : CborMap.builder().put("groups", Fields.numberList(groups)).build();
    }

    @Override
    public DetailsReply reply(CborFields answer) throws MalformedException {
      return DetailsReply.of(answer);
    }
  }

  /// What it tells of its groups.
  public record DetailsReply(List<Detail> groups) implements Reply {
    public DetailsReply {
      groups = List.copyOf(groups);
    }

    static DetailsReply of(CborFields in) throws MalformedException {
      return new DetailsReply(Fields.list(in, "groups", Detail::of));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("groups", Fields.list(groups, Detail::fields)).build();
    }
  }

  /// A group, its name, and one more than the highest number of its commands.
  public record Detail(long group, Optional<String> name, Optional<Long> handlers) {
    static Detail of(CborFields in) throws MalformedException {
      return new Detail(
          in.unsigned("group"), in.optionalText("name"), in.optionalUnsigned("handlers"));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("group", group);
      name.ifPresent(value -> out.put("name", value));
      handlers.ifPresent(value -> out.put("handlers", value));
      return out.build();
    }
  }
}
