// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootResult;
import dev.sealift.boot.ImageRefusal;
import dev.sealift.permit.Refusal;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Group;
import dev.sealift.smp.Permits;
import dev.sealift.transport.SmpClient;

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

  /// No answer, or no start.
  record Silent(String reason) implements Reaction {
    @Override
    public String words() {
      return "silent: " + reason;
    }
  }

  String words();

  static Reaction of(SmpClient.Delivery delivery) {
    return switch (delivery) {
      case SmpClient.Delivery.Delivered(Permits.PartReply part)
          when part.refusal().orElse(0L) != 0 ->
          ofNumber(Math.clamp(part.refusal().orElse(0L), 0, 0xffff), part.reason().orElse(""));
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
