// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import java.util.List;
import java.util.Locale;
import java.util.OptionalInt;
import org.freedesktop.dbus.types.UInt32;

/// Answers the questions that BlueZ has while it pairs one device (org.bluez.Agent1). Questions
/// about any other device are refused: pairing one is no leave for others.
final class PairingAgent {
  static final String FACE = "org.bluez.Agent1";
  static final String PATH = "/dev/sealift/agent";

  private static final int PASSKEY_MAX = 999_999;
  private static final String REJECTED = "org.bluez.Error.Rejected";
  private static final String CANCELED = "org.bluez.Error.Canceled";

  private final String path;
  private final BleDevice device;
  private final Pairing pairing;

  PairingAgent(String path, BleDevice device, Pairing pairing) {
    this.path = path;
    this.device = device;
    this.pairing = pairing;
  }

  /// What BlueZ shall take us for (AgentManager1: RegisterAgent).
  static String capability(Pairing pairing) {
    return switch (pairing) {
      case Pairing.JustWorks() -> "NoInputNoOutput";
      case Pairing.WithPerson _ -> "KeyboardDisplay";
    };
  }

  /// On the thread that reads: people are asked on another.
  void asked(Bus.Asked call) {
    if (!call.method().path().equals(PATH) || !call.method().face().equals(FACE)) {
      call.refuse("org.freedesktop.DBus.Error.UnknownMethod", "only an agent is here");
      return;
    }
    switch (call.method().name()) {
      // Nothing is kept that would have to be taken back.
      case "Release", "Cancel" -> call.answer("");
      default -> {
        if (isOurs(call.body())) {
          Thread.ofVirtual().name("pairing").start(() -> answer(call));
        } else {
          call.refuse(REJECTED, "another device is being paired");
        }
      }
    }
  }

  private boolean isOurs(List<Object> body) {
    return !body.isEmpty() && body.getFirst().equals(path);
  }

  private void answer(Bus.Asked call) {
    switch (pairing) {
      case Pairing.JustWorks() -> justWorks(call);
      case Pairing.WithPerson(var person) -> ask(person, call);
    }
  }

  private static void justWorks(Bus.Asked call) {
    if (call.method().name().equals("RequestAuthorization")) {
      call.answer("");
    } else {
      call.refuse(REJECTED, "nobody is here to be asked");
    }
  }

  private void ask(Pairing.Person person, Bus.Asked call) {
    switch (call.method().name()) {
      case "RequestPasskey" -> {
        OptionalInt passkey = typed(person);
        if (passkey.isPresent()) {
          call.answer("u", new UInt32(passkey.getAsInt()));
        } else {
          call.refuse(CANCELED, "no passkey was given");
        }
      }
      case "RequestPinCode" -> {
        OptionalInt passkey = typed(person);
        if (passkey.isPresent()) {
          call.answer("s", String.format(Locale.ROOT, "%06d", passkey.getAsInt()));
        } else {
          call.refuse(CANCELED, "no passkey was given");
        }
      }
      case "RequestConfirmation" -> {
        switch (person.compare(device, passkeyIn(call))) {
          case SAME -> call.answer("");
          case DIFFERENT -> call.refuse(REJECTED, "the numbers differ");
        }
      }
      case "DisplayPasskey" -> {
        // Called again with each digit that is typed; a person wants to see it once.
        if (call.body().size() < 3 || call.body().get(2).equals(0L)) {
          person.show(device, passkeyIn(call));
        }
        call.answer("");
      }
      case "RequestAuthorization" -> call.answer("");
      default -> call.refuse(REJECTED, "this agent only pairs");
    }
  }

  private OptionalInt typed(Pairing.Person person) {
    OptionalInt typed = person.passkeyOf(device);
    return typed.isPresent() && (typed.getAsInt() < 0 || typed.getAsInt() > PASSKEY_MAX)
        ? OptionalInt.empty()
        : typed;
  }

  private static int passkeyIn(Bus.Asked call) {
    return call.body().size() > 1 && call.body().get(1) instanceof Long passkey
        ? Math.toIntExact(passkey)
        : 0;
  }
}
