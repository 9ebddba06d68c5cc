// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootResult;
import dev.sealift.boot.ImageRefusal;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.Refusal;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Group;
import dev.sealift.smp.Permits;
import dev.sealift.smp.SmpMessage;
import dev.sealift.transport.SmpClient;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/// What a device made of one thing that was asked of it.
public sealed interface Reaction {
  /// It did as it was told.
  record Taken() implements Reaction {
    @Override
    public String words() {
      return "done";
    }
  }

  /// The agent refused; `detail` is its sentence where it gave one.
  record Refused(Refusal refusal, String detail) implements Reaction {
    @Override
    public String words() {
      return detail.isEmpty()
          ? "refused, %s (%s)".formatted(refusal, refusal.code())
          : "refused, %s: %s".formatted(refusal, detail);
    }
  }

  /// The protocol refused, or took nothing.
  record Denied(String reason) implements Reaction {
    @Override
    public String words() {
      return "denied: " + reason;
    }
  }

  /// The bootloader looked at the other slot, refused what lies there, and started what it had.
  record RefusedAtBoot(ImageRefusal refusal) implements Reaction {
    @Override
    public String words() {
      return "refused at boot: %s; the old image runs".formatted(refusal.words());
    }
  }

  /// The same was tried many times; each reaction with how often it came.
  record Many(Map<Reaction, Integer> counts) implements Reaction {
    public Many {
      counts = Collections.unmodifiableMap(new LinkedHashMap<>(counts));
    }

    static Many of(List<Encounter> encounters) {
      Map<Reaction, Integer> counts = new LinkedHashMap<>();
      encounters.forEach(encounter -> counts.merge(encounter.reaction().bare(), 1, Integer::sum));
      return new Many(counts);
    }

    @Override
    public String words() {
      return counts.entrySet().stream()
          .map(entry -> "%d times %s".formatted(entry.getValue(), entry.getKey().words()))
          .collect(Collectors.joining(", "));
    }

    @Override
    public boolean isRefusal() {
      return counts.keySet().stream().allMatch(Reaction::isRefusal);
    }
  }

  /// No answer, or no start.
  record Silent(String reason) implements Reaction {
    @Override
    public String words() {
      return "silent: " + reason;
    }
  }

  String words();

  /// Whether it was refused with that number, by some of many at least and by none taken.
  default boolean isRefusalWith(Refusal wanted) {
    return switch (this) {
      case Refused(var refusal, _) -> refusal == wanted;
      case Many(var counts) -> isRefusal() && counts.containsKey(new Refused(wanted, ""));
      case Taken _, Denied _, RefusedAtBoot _, Silent _ -> false;
    };
  }

  /// Whether nothing came of it, and the device has said so.
  default boolean isRefusal() {
    return this instanceof Refused || this instanceof Denied;
  }

  /// Without the details that differ from one time to the next.
  default Reaction bare() {
    return this instanceof Refused(var refusal, _) ? new Refused(refusal, "") : this;
  }

  static Reaction of(SmpClient.Delivery delivery) {
    return switch (delivery) {
      case SmpClient.Delivery.Delivered(Permits.PartReply part)
          when part.refusal().orElse(0L) != 0 ->
          ofNumber(Math.clamp(part.refusal().orElse(0L), 0, 0xffff), part.reason().orElse(""));
      case SmpClient.Delivery.Delivered(Permits.SessionReply session)
          when session.refusal().orElse(0L) != 0 ->
          ofNumber(
              Math.clamp(session.refusal().orElse(0L), 0, 0xffff), session.reason().orElse(""));
      case SmpClient.Delivery.Delivered _ -> new Taken();
      case SmpClient.Delivery.Refused(var refusal) -> of(refusal.reason());
      case SmpClient.Delivery.Stuck(var offset) ->
          new Denied("nothing is taken beyond byte " + offset);
    };
  }

  static Reaction of(Answer<?> answer) {
    return switch (answer) {
      case Answer.Done<?> _ -> new Taken();
      case Answer.Refused<?> refused -> of(refused.reason());
    };
  }

  /// What a packet brought back that may not even have been SMP. Silence refuses too.
  static Reaction ofRaw(List<Bytes> answers) {
    if (answers.isEmpty()) {
      return new Denied("silence");
    }
    try {
      return Answer.reason(SmpMessage.read(answers.getFirst()).fields())
          .map(Reaction::of)
          .orElseGet(Taken::new);
    } catch (MalformedException e) {
      return new Silent("the answer cannot be read: " + e.getMessage());
    }
  }

  static Reaction of(BootResult result) {
    return switch (result.outcome()) {
      case BootOutcome.Booted _ ->
          result.refused().<Reaction>map(RefusedAtBoot::new).orElseGet(Taken::new);
      case BootOutcome.Refused(var reason) -> new Silent("it does not start: " + reason.words());
      case BootOutcome.Halted(var why) -> new Silent("it does not start: " + why);
      case BootOutcome.PowerLost() -> new Silent("it has lost power");
    };
  }

  private static Reaction of(Answer.Reason reason) {
    return reason instanceof Answer.OfGroup(var group, var code) && group == Group.PERMIT.number()
        ? ofNumber(code, "")
        : new Denied(reason.explain());
  }

  private static Reaction ofNumber(int number, String detail) {
    return Refusal.ofNumber(number)
        .<Reaction>map(refusal -> new Refused(refusal, detail))
        .orElseGet(() -> new Denied("refusal number " + number));
  }
}
