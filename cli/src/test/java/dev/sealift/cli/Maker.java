// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;

/// A maker's folder, filled by commands as a person types them. Names of files stand alone: what
/// lies in the folder is found there.
record Maker(Path folder) {
  static final List<String> ACME = List.of("--vendor", "acme.example", "--class", "sensor-1");
  static final String PLANT = "acme.example/plant-7";

  String path(String name) {
    return folder.resolve(name).toString();
  }

  Maker key(String... names) {
    for (String name : names) {
      if (!Files.exists(folder.resolve(name + ".pem"))) {
        done("key", "new", path(name + ".pem"));
      }
    }
    return this;
  }

  /// A root of one root key and two release keys, both of which have to sign.
  Maker root() {
    key("root", "alice", "bob", "stranger");
    done(
        "trust",
        "root",
        "make",
        "--root-key",
        path("root.pub.pem"),
        "--release",
        path("alice.pub.pem"),
        "--release",
        path("bob.pub.pem"),
        "-o",
        path("root.cbor"));
    return this;
  }

  /// One release key, two operators of whom one is enough up to half a fleet, a freshness key and a
  /// technician.
  Maker managed() {
    key("root", "alice", "op", "op2", "fresh", "tech", "stranger");
    done(
        "trust",
        "root",
        "make",
        "--root-key",
        path("root.pub.pem"),
        "--release",
        path("alice.pub.pem"),
        "--approve",
        path("op.pub.pem"),
        "--approve",
        path("op2.pub.pem"),
        "--approve-threshold",
        "1",
        "--crowd",
        "50%=2",
        "--freshness",
        path("fresh.pub.pem"),
        "--operate",
        path("tech.pub.pem"),
        "-o",
        path("root.cbor"));
    return this;
  }

  /// `NAME.bin`, an image of that version and sequence.
  Maker image(String name, String version, int sequence, String... more) {
    key("image");
    if (!Files.exists(folder.resolve("firmware.bin"))) {
      byte[] firmware = new byte[9000];
      new SplittableRandom(1).nextBytes(firmware);
      write("firmware.bin", Bytes.owning(firmware));
    }
    List<String> args =
        new ArrayList<>(List.of("image", "sign", "--key", path("image.pem"), "--version", version));
    args.addAll(List.of("--slot-size", "0x20000", "--pad-header"));
    if (sequence > 0) {
      args.addAll(List.of("--sequence", Integer.toString(sequence)));
    }
    args.addAll(List.of(more));
    args.addAll(List.of(path("firmware.bin"), path(name + ".bin")));
    done(args.toArray(String[]::new));
    return this;
  }

  /// `NAME.sealift` of `NAME.bin`, signed by these.
  Maker release(String name, String version, int sequence, String... signers) {
    image(name, version, sequence);
    List<String> args = new ArrayList<>(List.of("release", "make", path(name + ".bin")));
    args.addAll(ACME);
    args.addAll(List.of("-o", path(name + ".sealift")));
    done(args.toArray(String[]::new));
    for (String signer : signers) {
      done("release", "sign", path(name + ".sealift"), "--key", path(signer + ".pem"));
    }
    return this;
  }

  /// What a device of this class would answer, as JSON.
  CborFields check(String release, String... more) {
    List<String> args = new ArrayList<>(List.of("release", "check", path(release + ".sealift")));
    args.addAll(List.of("--root", path("root.cbor"), "--json"));
    args.addAll(ACME);
    args.addAll(List.of(more));
    return json(Typed.type(args.toArray(String[]::new)));
  }

  static CborFields json(Typed typed) {
    try {
      return CborFields.of(Json.read(typed.out().strip()), "line");
    } catch (MalformedException e) {
      throw new AssertionError(typed.out() + typed.err(), e);
    }
  }

  static String text(CborFields json, String key) {
    try {
      return json.text(key);
    } catch (MalformedException e) {
      throw new AssertionError(Json.write(json.map()), e);
    }
  }

  Typed done(String... args) {
    return typed(Exit.DONE, args);
  }

  Typed refused(String... args) {
    return typed(Exit.REFUSED, args);
  }

  Typed usage(String... args) {
    return typed(Exit.USAGE, args);
  }

  private static Typed typed(Exit exit, String... args) {
    Typed typed = Typed.type(args);
    assertThat(typed.exit())
        .as(String.join(" ", args) + ": " + typed.out() + typed.err())
        .isEqualTo(exit.code());
    if (exit != Exit.DONE && typed.out().isEmpty()) {
      assertThat(typed.err())
          .as(String.join(" ", args))
          .startsWith("sealift: ")
          .doesNotContain("xception")
          .doesNotContain("\tat ");
    }
    return typed;
  }

  static String[] with(List<String> args, String... more) {
    return Stream.concat(args.stream(), Arrays.stream(more)).toArray(String[]::new);
  }

  Bytes read(String name) {
    try {
      return Bytes.owning(Files.readAllBytes(folder.resolve(name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String name, Bytes content) {
    try {
      Files.write(folder.resolve(name), content.toArray());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void write(String name, String content) {
    write(name, Bytes.ofUtf8(content));
  }
}
