// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.List;
import java.util.Optional;

/// Group 11, the links of a device and bridges between them. An experiment of Zephyr: what its
/// fields mean may change.
public final class Transports {
  private Transports() {}

  /// Joins this link to another; `more` are the fields that the other one asks for.
  public record Bridge(long transport, Optional<Long> mode, CborMap more)
      implements Request<Reply.Nothing> {
    static Bridge of(CborFields in) throws MalformedException {
      return new Bridge(
          in.unsigned("transport"),
          in.optionalUnsigned("mode"),
          Fields.without(in.map(), "transport", "mode"));
    }

    @Override
    public CommandKey command() {
      return Command.TRANSPORTS_BRIDGE.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("transport", transport);
      mode.ifPresent(value -> out.put("mode", value));
      more.entries().forEach(out::put);
      return out.build();
    }

    @Override
    public Patience patience() {
      return Patience.PAGES;
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Takes bridges away.
  public record Unbridge(Which which) implements Request<Reply.Nothing> {
    /// Which of them.
    public sealed interface Which {
      record To(long transport) implements Which {}

      record All() implements Which {}
    }

    static Unbridge of(CborFields in) throws MalformedException {
      return new Unbridge(
          in.optionalBool("all").orElse(false)
              ? new Which.All()
              : new Which.To(in.unsigned("transport")));
    }

    @Override
    public CommandKey command() {
      return Command.TRANSPORTS_UNBRIDGE.key();
    }

    @Override
    public CborMap fields() {
      return switch (which) {
        case Which.To(var transport) -> CborMap.builder().put("transport", transport).build();
        case Which.All() -> CborMap.builder().put("all", true).build();
      };
    }

    @Override
    public Reply.Nothing reply(CborFields answer) {
      return new Reply.Nothing();
    }
  }

  /// Asks how many bridges there are, and whether this link is part of one.
  public record Status() implements Request<StatusReply> {
    @Override
    public CommandKey command() {
      return Command.TRANSPORTS_STATUS.key();
    }

    @Override
    public StatusReply reply(CborFields answer) throws MalformedException {
      return StatusReply.of(answer);
    }
  }

  /// Bridges there can be and are; and where this link is bridged to.
  public record StatusReply(
      long supported, long active, Optional<Boolean> bridged, Optional<Long> transport)
      implements Reply {
    static StatusReply of(CborFields in) throws MalformedException {
      return new StatusReply(
          in.unsigned("supported"),
          in.unsigned("active"),
          in.optionalBool("bridged"),
          in.optionalUnsigned("transport"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("supported", supported);
      out.put("active", active);
      bridged.ifPresent(value -> out.put("bridged", value));
      transport.ifPresent(value -> out.put("transport", value));
      return out.build();
    }
  }

  /// Asks which links there are.
  public record Names() implements Request<NamesReply> {
    @Override
    public CommandKey command() {
      return Command.TRANSPORTS_LIST.key();
    }

    @Override
    public NamesReply reply(CborFields answer) throws MalformedException {
      return NamesReply.of(answer);
    }
  }

  /// The links.
  public record NamesReply(List<Name> transports) implements Reply {
    public NamesReply {
      transports = List.copyOf(transports);
    }

    static NamesReply of(CborFields in) throws MalformedException {
      return new NamesReply(Fields.list(in, "transports", Name::of));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("transports", Fields.list(transports, Name::fields)).build();
    }
  }

  /// A number and its name.
  public record Name(long id, Optional<String> name) {
    static Name of(CborFields in) throws MalformedException {
      return new Name(in.unsigned("id"), in.optionalText("name"));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("id", id);
      name.ifPresent(value -> out.put("name", value));
      return out.build();
    }
  }

  /// Asks what a link can be made to do.
  public record Modes(long transport) implements Request<ModesReply> {
    static Modes of(CborFields in) throws MalformedException {
      return new Modes(in.unsigned("transport"));
    }

    @Override
    public CommandKey command() {
      return Command.TRANSPORTS_MODES.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("transport", transport).build();
    }

    @Override
    public ModesReply reply(CborFields answer) throws MalformedException {
      return ModesReply.of(answer);
    }
  }

  /// The modes of one link.
  public record ModesReply(List<Mode> modes) implements Reply {
    public ModesReply {
      modes = List.copyOf(modes);
    }

    static ModesReply of(CborFields in) throws MalformedException {
      return new ModesReply(Fields.list(in, "modes", Mode::of));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("modes", Fields.list(modes, Mode::fields)).build();
    }
  }

  /// A mode, and whether it answers or asks.
  public record Mode(
      long id,
      Optional<String> description,
      Optional<Boolean> incoming,
      Optional<Boolean> outgoing) {
    static Mode of(CborFields in) throws MalformedException {
      return new Mode(
          in.unsigned("id"),
          in.optionalText("description"),
          in.optionalBool("incoming"),
          in.optionalBool("outgoing"));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("id", id);
      description.ifPresent(value -> out.put("description", value));
      incoming.ifPresent(value -> out.put("incoming", value));
      outgoing.ifPresent(value -> out.put("outgoing", value));
      return out.build();
    }
  }

  /// Asks which fields a bridge to that mode of a link takes.
  public record Configs(long transport, long mode) implements Request<ConfigsReply> {
    static Configs of(CborFields in) throws MalformedException {
      return new Configs(in.unsigned("transport"), in.unsigned("mode"));
    }

    @Override
    public CommandKey command() {
      return Command.TRANSPORTS_CONFIGS.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("transport", transport).put("mode", mode).build();
    }

    @Override
    public ConfigsReply reply(CborFields answer) throws MalformedException {
      return ConfigsReply.of(answer);
    }
  }

  /// The fields.
  public record ConfigsReply(List<Config> configs) implements Reply {
    public ConfigsReply {
      configs = List.copyOf(configs);
    }

    static ConfigsReply of(CborFields in) throws MalformedException {
      return new ConfigsReply(Fields.list(in, "configs", Config::of));
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("configs", Fields.list(configs, Config::fields)).build();
    }
  }

  /// A field; `type` is 0 unsigned, 1 signed, 2 boolean, 3 text, 4 bytes.
  public record Config(String name, long type, Optional<Boolean> required) {
    static Config of(CborFields in) throws MalformedException {
      return new Config(in.text("name"), in.unsigned("type"), in.optionalBool("required"));
    }

    CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("name", name);
      out.put("type", type);
      required.ifPresent(value -> out.put("required", value));
      return out.build();
    }
  }
}
