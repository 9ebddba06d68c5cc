// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport.ble;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.transport.ble.Pairing.Confirmation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/// Every question that org.bluez.Agent1 can be asked.
class PairingAgentTest {
  private static final String DEVICE = "/org/bluez/hci0/dev_1";
  private static final String OTHER = "/org/bluez/hci0/dev_2";

  private static final BleDevice SENSOR =
      new BleDevice(
          new BleAddress("AA:BB:CC:DD:EE:FF"),
          "sensor",
          Optional.empty(),
          BleDevice.Bond.NONE,
          Set.of());

  /// Knows one passkey, and what it saw.
  private static final class Someone implements Pairing.Person {
    private final OptionalInt passkey;
    private final List<Integer> shown = new ArrayList<>();

    Someone(OptionalInt passkey) {
      this.passkey = passkey;
    }

    @Override
    public OptionalInt passkeyOf(BleDevice device) {
      return passkey;
    }

    @Override
    public Confirmation compare(BleDevice device, int digits) {
      return passkey.equals(OptionalInt.of(digits)) ? Confirmation.SAME : Confirmation.DIFFERENT;
    }

    @Override
    public void show(BleDevice device, int digits) {
      shown.add(digits);
    }
  }

  private static String asked(Pairing pairing, String question, Object... body) throws Exception {
    return askedAt(PairingAgent.PATH, PairingAgent.FACE, pairing, question, body);
  }

  private static String askedAt(
      String path, String face, Pairing pairing, String question, Object... body) throws Exception {
    LinkedBlockingQueue<String> said = new LinkedBlockingQueue<>();
    new PairingAgent(DEVICE, SENSOR, pairing)
        .asked(
            new Bus.Asked() {
              @Override
              public Bus.Method method() {
                return new Bus.Method(":1.2", path, face, question);
              }

              @Override
              public String sender() {
                return ":1.1";
              }

              @Override
              public List<Object> body() {
                return List.of(body);
              }

              @Override
              public void answer(String signature, Object... values) {
                said.add(signature + Arrays.toString(values));
              }

              @Override
              public void refuse(String error, String words) {
                said.add(error.substring(error.lastIndexOf('.') + 1));
              }
            });
    return said.poll(30, TimeUnit.SECONDS);
  }

  @Test
  void with_a_person_the_passkey_is_typed_compared_or_shown() throws Exception {
    Someone person = new Someone(OptionalInt.of(42));
    Pairing pairing = new Pairing.WithPerson(person);
    assertThat(PairingAgent.capability(pairing)).isEqualTo("KeyboardDisplay");
    assertThat(asked(pairing, "RequestPasskey", DEVICE)).isEqualTo("u[42]");
    assertThat(asked(pairing, "RequestPinCode", DEVICE)).isEqualTo("s[000042]");
    assertThat(asked(pairing, "RequestConfirmation", DEVICE, 42L)).isEqualTo("[]");
    assertThat(asked(pairing, "RequestConfirmation", DEVICE, 43L)).isEqualTo("Rejected");
    assertThat(asked(pairing, "RequestAuthorization", DEVICE)).isEqualTo("[]");
    assertThat(asked(pairing, "DisplayPasskey", DEVICE, 7L, 0L)).isEqualTo("[]");
    assertThat(asked(pairing, "DisplayPasskey", DEVICE, 7L, 1L)).isEqualTo("[]");
    assertThat(person.shown).as("once, not with each digit").containsExactly(7);
  }

  @Test
  void a_person_who_gives_up_or_types_nonsense_pairs_nothing() throws Exception {
    for (OptionalInt passkey :
        List.of(OptionalInt.empty(), OptionalInt.of(-1), OptionalInt.of(1_000_000))) {
      Pairing pairing = new Pairing.WithPerson(new Someone(passkey));
      assertThat(asked(pairing, "RequestPasskey", DEVICE)).isEqualTo("Canceled");
      assertThat(asked(pairing, "RequestPinCode", DEVICE)).isEqualTo("Canceled");
    }
  }

  @Test
  void without_a_person_only_the_pairing_itself_is_allowed() throws Exception {
    Pairing pairing = new Pairing.JustWorks();
    assertThat(PairingAgent.capability(pairing)).isEqualTo("NoInputNoOutput");
    assertThat(asked(pairing, "RequestAuthorization", DEVICE)).isEqualTo("[]");
    for (String question :
        List.of("RequestPasskey", "RequestPinCode", "RequestConfirmation", "AuthorizeService")) {
      assertThat(asked(pairing, question, DEVICE, 1L)).as(question).isEqualTo("Rejected");
    }
  }

  @Test
  void no_question_about_another_device_is_answered() throws Exception {
    Pairing pairing = new Pairing.WithPerson(new Someone(OptionalInt.of(42)));
    for (String question :
        List.of(
            "RequestPasskey",
            "RequestPinCode",
            "RequestConfirmation",
            "RequestAuthorization",
            "AuthorizeService",
            "DisplayPasskey")) {
      assertThat(asked(pairing, question, OTHER, 42L)).as(question).isEqualTo("Rejected");
      assertThat(asked(pairing, question)).as(question).isEqualTo("Rejected");
    }
    assertThat(asked(pairing, "AuthorizeService", DEVICE, "uuid")).isEqualTo("Rejected");
  }

  @Test
  void what_only_tells_is_heard_and_what_is_no_agent_is_said() throws Exception {
    Pairing pairing = new Pairing.JustWorks();
    assertThat(asked(pairing, "Release")).isEqualTo("[]");
    assertThat(asked(pairing, "Cancel")).isEqualTo("[]");
    assertThat(askedAt("/other", PairingAgent.FACE, pairing, "Release")).isEqualTo("UnknownMethod");
    assertThat(askedAt(PairingAgent.PATH, "org.other", pairing, "Release"))
        .isEqualTo("UnknownMethod");
  }
}
