// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborMap;
import java.util.Optional;

/// Group 3, settings: values of bytes under names with slashes.
public final class Settings {
  private Settings() {}

  /// Asks for a value, of at most `sizeMax` bytes.
  public record Read(String name, Optional<Long> sizeMax) implements Request<ReadReply> {
    static Read of(CborFields in) throws MalformedException {
      return new Read(in.text("name"), in.optionalUnsigned("max_size"));
    }

    @Override
    public CommandKey command() {
      return Command.SETTINGS_READ.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("name", name);
      sizeMax.ifPresent(value -> out.put("max_size", value));
      return out.build();
    }

    @Override
    public ReadReply reply(CborFields answer) throws MalformedException {
      return ReadReply.of(answer);
    }
  }

  /// The value; with `sizeMax` where the device could tell less than was asked for.
  public record ReadReply(Bytes value, Optional<Long> sizeMax) implements Reply {
    static ReadReply of(CborFields in) throws MalformedException {
      return new ReadReply(in.bytes("val"), in.optionalUnsigned("max_size"));
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      out.put("val", value);
      sizeMax.ifPresent(value -> out.put("max_size", value));
      return out.build();
    }
  }

  /// Sets a value in memory; only [Save] makes it last.
  public record Write(String name, Bytes value) implements Request<Reply.Nothing> {
    static Write of(CborFields in) throws MalformedException {
      return new Write(in.text("name"), in.bytes("val"));
    }

    @Override
    public CommandKey command() {
      return Command.SETTINGS_WRITE.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("name", name).put("val", value).build();
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

  /// Takes a value away.
  public record Delete(String name) implements Request<Reply.Nothing> {
    static Delete of(CborFields in) throws MalformedException {
      return new Delete(in.text("name"));
    }

    @Override
    public CommandKey command() {
      return Command.SETTINGS_DELETE.key();
    }

    @Override
    public CborMap fields() {
      return CborMap.builder().put("name", name).build();
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

  /// Lets what was set take effect.
  public record Commit() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.SETTINGS_COMMIT.key();
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

  /// Reads all values from flash again.
  public record Load() implements Request<Reply.Nothing> {
    @Override
    public CommandKey command() {
      return Command.SETTINGS_LOAD.key();
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

  /// Writes what was set to flash: all of it, or on newer servers what is below one name.
  public record Save(Optional<String> name) implements Request<Reply.Nothing> {
    static Save of(CborFields in) throws MalformedException {
      return new Save(in.optionalText("name"));
    }

    @Override
    public CommandKey command() {
      return Command.SETTINGS_SAVE.key();
    }

    @Override
    public CborMap fields() {
      CborMap.Builder out = CborMap.builder();
      name.ifPresent(value -> out.put("name", value));
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
}
