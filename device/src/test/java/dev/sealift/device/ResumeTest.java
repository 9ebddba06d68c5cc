// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.smp.Frame;
import dev.sealift.smp.Images;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.upload.ChunkedContent;
import dev.sealift.transport.MemoryLink;
import dev.sealift.transport.SmpClient;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// An application that starts anew knows nothing of the upload that was under way; its chunk hook
/// finds the good pages and lets the upload go on behind them.
class ResumeTest {
  private final Workshop workshop = new Workshop();
  private final Image next = workshop.image(1, 10_000);
  private final VirtualDevice device = workshop.device(workshop.image(0, 9_000), Optional.empty());
  private final Slots slots = new Slots(workshop.boot, device.flash(), Slot.PRIMARY);

  /// Compares what lies in the slot with the file that it expects, page by page.
  private static final class KnowsTheFile implements Hooks {
    private final Slots slots;
    private final Bytes file;
    private int chunks;

    KnowsTheFile(Slots slots, Bytes file) {
      this.slots = slots;
      this.file = file;
    }

    @Override
    public Entry connection(LinkId link) {
      return Entry.ALLOWED;
    }

    @Override
    public CommandVerdict command(int group, int command, int operation) {
      return new CommandVerdict.Proceed();
    }

    @Override
    public ChunkVerdict chunk(Images.Upload chunk, long expectedOffset) {
      chunks++;
      int from = expectedOffset == 0 ? slots.resumable(verified()) : 0;
      return from == 0 ? new ChunkVerdict.Proceed() : new ChunkVerdict.Resume(from);
    }

    private int verified() {
      Bytes content = slots.content(Slot.SECONDARY);
      int at = 0;
      while (at < file.size()) {
        int end = Math.min(at + SlotStream.PAGE_SIZE, file.size());
        if (!content.slice(at, end).equals(file.slice(at, end))) {
          return at;
        }
        at = end;
      }
      return at;
    }

    @Override
    public void notice(Notice notice) {}
  }

  private SmpClient restarted(Hooks hooks) {
    SmpServer server =
        new SmpServer(
            device.setup().smp(),
            device.setup().facts(),
            new DeviceImages(List.of(slots)),
            List.of(),
            hooks,
            _ -> {});
    long[] now = {0};
    return new SmpClient(
        new MemoryLink(new LinkId("laptop"), server::receive), () -> now[0] += 1_000_000);
  }

  private SmpClient.Delivery deliver(Hooks hooks) throws Exception {
    return restarted(hooks)
        .upload(new ChunkedContent.Image(next.write()), new Frame(512, 3), (_, _) -> {});
  }

  @Test
  void an_upload_goes_on_after_a_restart_behind_its_good_pages() throws Exception {
    Bytes file = next.write();
    device.flash().lay(Workshop.SLOT, file.first(2 * SlotStream.PAGE_SIZE));
    KnowsTheFile hooks = new KnowsTheFile(slots, file);
    int written = device.flash().use().writes();
    assertThat(deliver(hooks)).isInstanceOf(SmpClient.Delivery.Delivered.class);
    assertThat(slots.content(Slot.SECONDARY).first(next.size())).isEqualTo(next.write());
    assertThat(device.flash().use().writes() - written).as("pages written").isEqualTo(1);
    assertThat(hooks.chunks).as("chunks asked about").isLessThan(8);
  }

  @Test
  void an_upload_that_is_all_there_ends_with_its_first_chunk() throws Exception {
    device.flash().lay(Workshop.SLOT, next.write());
    device.flash().lay(2 * Workshop.SLOT - SlotStream.PAGE_SIZE, Bytes.filled(64, 0x5a));
    KnowsTheFile hooks = new KnowsTheFile(slots, next.write());
    assertThat(deliver(hooks)).isInstanceOf(SmpClient.Delivery.Delivered.class);
    assertThat(hooks.chunks).isEqualTo(1);
    assertThat(slots.content(Slot.SECONDARY).from(next.write().size()).isFilledWith(0xff))
        .as("nothing of an earlier image behind it")
        .isTrue();
  }

  @Test
  void an_upload_of_which_nothing_is_there_begins() throws Exception {
    device.flash().lay(Workshop.SLOT, workshop.image(3, 8_000).write());
    assertThat(deliver(new KnowsTheFile(slots, next.write())))
        .isInstanceOf(SmpClient.Delivery.Delivered.class);
    assertThat(slots.content(Slot.SECONDARY).first(next.size())).isEqualTo(next.write());
  }
}
