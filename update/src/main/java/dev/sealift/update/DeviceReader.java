// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.BootMode;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Asks a device what the plan wants to know, and turns flags and numbers into states.
public final class DeviceReader {
  private DeviceReader() {}

  public static Known read(SmpClient client, BootMode mode, Known.Asked asked) throws IOException {
    return new Known(slots(client), gate(client), mode, asked);
  }

  /// How its bootloader works; older servers do not say.
  public static BootMode mode(SmpClient client) throws IOException {
    return switch (client.call(new Os.Bootloader(Optional.of("mode")))) {
      case Answer.Done<Os.BootloaderReply>(var reply) -> reply.bootMode().orElse(BootMode.UNKNOWN);
      case Answer.Refused<Os.BootloaderReply> _ -> BootMode.UNKNOWN;
    };
  }

  public static List<SlotReport> slots(SmpClient client) throws IOException {
    return switch (client.call(new Images.State())) {
      case Answer.Done<Images.StateReply>(var state) -> reports(state);
      case Answer.Refused<Images.StateReply> refused ->
          throw new IOException(
              "%s does not tell what is in its slots: %s"
                  .formatted(client.target(), refused.reason().explain()));
    };
  }

  /// A device that does not know the permit group has no agent.
  public static Gate gate(SmpClient client) throws IOException {
    return switch (client.call(new Permits.Status())) {
      case Answer.Done<Permits.StatusReply>(var status) -> {
        Gate.Stage stage =
            Gate.Stage.ofNumber(status.stage())
                .orElseThrow(
                    () ->
                        new IOException(
                            "%s is in a stage this version does not know: %d"
                                .formatted(client.target(), status.stage())));
        yield new Gate.Guarded(stage, status.digest(), status.image().orElse(0), status.offset());
      }
      case Answer.Refused<Permits.StatusReply> _ -> new Gate.Open();
    };
  }

  static List<SlotReport> reports(Images.StateReply state) {
    List<SlotReport> reports = new ArrayList<>();
    for (Images.Slot slot : state.images()) {
      reports.add(
          new SlotReport(
              Math.clamp(slot.image().orElse(0L), 0, 0xff),
              Math.clamp(slot.slot(), 0, 0xff),
              slot.hash().orElse(Bytes.EMPTY),
              slot.version().orElse("?"),
              use(slot)));
    }
    return reports;
  }

  private static SlotReport.Use use(Images.Slot slot) {
    if (slot.active().orElse(false)) {
      return slot.confirmed().orElse(false)
          ? SlotReport.Use.RUNNING_CONFIRMED
          : SlotReport.Use.RUNNING_ON_TRIAL;
    }
    if (slot.pending().orElse(false)) {
      return slot.permanent().orElse(false)
          ? SlotReport.Use.PENDING_PERMANENT
          : SlotReport.Use.PENDING_TEST;
    }
    return SlotReport.Use.IDLE;
  }
}
