// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.List;
import java.util.Map;

/// Group 2, statistics: figures by name, in groups by name.
public final class Statistics {
  private Statistics() {}

  /// Asks for the figures of one group.
  public record Read(String name) implements Request<ReadReply> {
    static Read of(CborFields in) throws MalformedException {
      return new Read(in.text("name"));
    }

    @Override
    public CommandKey command() {
      return Command.STATISTICS_READ.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("name", name).build();
    }

    @Override
    public ReadReply reply(CborFields answer) throws MalformedException {
      return ReadReply.of(answer);
    }
  }

  /// The group and its figures, in the order in which the device has them.
  public record ReadReply(String name, Map<String, Long> figures) implements Reply {
    public ReadReply {
      figures = Fields.ordered(figures);
    }

    static ReadReply of(CborFields in) throws MalformedException {
      return new ReadReply(in.text("name"), Fields.numbers(in, "fields"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("name", name).put("fields", Fields.numbers(figures)).build();
    }
  }

  /// Asks which groups there are.
  public record Names() implements Request<NamesReply> {
    @Override
    public CommandKey command() {
      return Command.STATISTICS_LIST.key();
    }

    @Override
    public NamesReply reply(CborFields answer) throws MalformedException {
      return NamesReply.of(answer);
    }
  }

  /// The names of all groups.
  public record NamesReply(List<String> names) implements Reply {
    public NamesReply {
      names = List.copyOf(names);
    }

    static NamesReply of(CborFields in) throws MalformedException {
      return new NamesReply(Fields.texts(in, "stat_list"));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("stat_list", Fields.texts(names)).build();
    }
  }
}
