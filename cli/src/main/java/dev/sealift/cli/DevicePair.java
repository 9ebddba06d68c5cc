// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.transport.Target;
import dev.sealift.transport.ble.BleDevice;
import dev.sealift.transport.ble.BleTarget;
import dev.sealift.transport.ble.Bluetooth;
import dev.sealift.transport.ble.Pairing;
import java.io.IOException;
import java.util.Locale;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// Pairs a Bluetooth device, so that later links to it are encrypted.
@Command(
    name = "pair",
    description = "Pair a Bluetooth device with this machine, so that its links are encrypted.",
    footer = {
      "",
      "At a terminal you are asked for the passkey, if the device has one.",
      "Example: sealift device pair --to ble://sensor-7"
    })
final class DevicePair extends Verb {
  private static final int PASSKEY_MAX = 999_999;

  @Option(
      names = "--to",
      paramLabel = "TARGET",
      required = true,
      description = "the device: ble://AA:BB:CC:DD:EE:FF or ble://NAME")
  private String target = "";

  @ArgGroup private @Nullable How how;

  /// Who answers the device's questions, where it is not the person at the terminal.
  static final class How {
    @Option(
        names = "--passkey",
        paramLabel = "DIGITS",
        description = "the passkey that is printed on the device")
    private @Nullable Integer passkey;

    @Option(
        names = "--just-works",
        description = "ask nobody; whoever stands between the two while they pair stays there")
    private boolean justWorks;
  }

  DevicePair(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    BleTarget device = bluetooth(target);
    Pairing pairing = pairing();
    try {
      BleDevice paired = Bluetooth.ofThisMachine().pair(device, pairing);
      return Outcome.done(
          paired + " is paired",
          CborMap.builder()
              .put("address", paired.address().toString())
              .put("name", paired.name())
              .put("bond", paired.bond().name().toLowerCase(Locale.ROOT))
              .build());
    } catch (IOException e) {
      throw Failure.world(Files.reason(e));
    }
  }

  static BleTarget bluetooth(String target) {
    try {
      if (Target.parse(target) instanceof Target.Ble(var device)) {
        return device;
      }
    } catch (MalformedException e) {
      throw Failure.usage("--to: " + e.getMessage());
    }
    throw Failure.usage("--to: '%s' is no Bluetooth device, expected ble://…".formatted(target));
  }

  private Pairing pairing() {
    if (how != null && how.passkey != null) {
      if (how.passkey < 0 || how.passkey > PASSKEY_MAX) {
        throw Failure.usage("--passkey: a passkey has at most six digits");
      }
      return new Pairing.WithPerson(new Printed(how.passkey));
    }
    if (how != null && how.justWorks) {
      return new Pairing.JustWorks();
    }
    if (!console().terminal().isInteractive()) {
      throw Failure.usage("there is no terminal to ask at: say --passkey DIGITS or --just-works");
    }
    return new Pairing.WithPerson(new Typing(console()));
  }

  /// Has only the passkey that was given.
  private record Printed(int passkey) implements Pairing.Person {
    @Override
    public OptionalInt passkeyOf(BleDevice device) {
      return OptionalInt.of(passkey);
    }

    @Override
    public Pairing.Confirmation compare(BleDevice device, int shown) {
      return shown == passkey ? Pairing.Confirmation.SAME : Pairing.Confirmation.DIFFERENT;
    }

    /// Nobody is there to type it on the device: the device will give up.
    @Override
    public void show(BleDevice device, int shown) {}
  }

  /// The person at the terminal.
  private record Typing(Console console) implements Pairing.Person {
    @Override
    public OptionalInt passkeyOf(BleDevice device) {
      String typed = asked("passkey of %s: ".formatted(device)).strip();
      return typed.matches("[0-9]{1,6}")
          ? OptionalInt.of(Integer.parseInt(typed))
          : OptionalInt.empty();
    }

    @Override
    public Pairing.Confirmation compare(BleDevice device, int shown) {
      return switch (asked("does %s show %06d? [y/N] ".formatted(device, shown)).strip()) {
        case "y", "Y", "yes" -> Pairing.Confirmation.SAME;
        default -> Pairing.Confirmation.DIFFERENT;
      };
    }

    @Override
    public void show(BleDevice device, int shown) {
      console.say("type %06d on %s".formatted(shown, device));
    }

    private static String asked(String question) {
      return answer(System.console(), question);
    }

    /// Who types nothing gives up.
    private static String answer(java.io.@Nullable Console keyboard, String question) {
      String typed = keyboard == null ? null : keyboard.readLine("%s", question);
      return typed == null ? "" : typed;
    }
  }
}
