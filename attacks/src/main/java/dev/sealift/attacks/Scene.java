// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.boot.BootResult;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.Slot;
import dev.sealift.boot.SwapType;
import dev.sealift.bytes.Bytes;
import dev.sealift.device.VirtualDevice;
import dev.sealift.image.Image;
import dev.sealift.permit.BlockTable;
import dev.sealift.smp.LinkId;
import dev.sealift.transport.MemoryLink;
import dev.sealift.transport.SmpClient;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.util.function.LongSupplier;

/// Where an attack happens: one device, whoever is around it, and a look at its memory.
public final class Scene {
  private static final LinkId LAPTOP = new LinkId("laptop");
  private static final LinkId STRANGER = new LinkId("stranger");

  private final AttackWorld world;
  private final VirtualDevice device;
  private final LongSupplier nanos;

  public Scene(AttackWorld world, VirtualDevice device, LongSupplier nanos) {
    this.world = world;
    this.device = device;
    this.nanos = nanos;
  }

  public AttackWorld world() {
    return world;
  }

  public VirtualDevice device() {
    return device;
  }

  /// Somebody on a link of their own.
  public Attacker stranger() {
    return new Attacker(client(STRANGER));
  }

  /// The honest laptop carries an update as far as is wanted.
  public UpdateResult update(AttackWorld.Edition edition, Wanted.Ending ending) throws IOException {
    return new Updater(client(LAPTOP), edition.material(), _ -> {}, _ -> {}).run(ending);
  }

  /// The same where there is no attack yet: it has to come to its end.
  void updated(AttackWorld.Edition edition, Wanted.Ending ending) throws IOException {
    UpdateResult result = update(edition, ending);
    if (!result.equals(new UpdateResult.Reached())) {
      throw new IOException("the honest update to %s ended: %s".formatted(edition, result));
    }
  }

  /// The newest honest release that the device does not run yet.
  AttackWorld.Edition nextHonest() {
    return runs(world.honest().image()) ? world.next() : world.honest();
  }

  Encounter restart() {
    BootResult result = device.powerOn();
    return new Encounter("restart", Reaction.of(result));
  }

  private SmpClient client(LinkId link) {
    return new SmpClient(new MemoryLink(link, device::receive), nanos);
  }

  // What there is to see.

  boolean runs(Image image) {
    return device.isRunning()
        && image.hash().isPresent()
        && device.image(Slot.PRIMARY).flatMap(Image::hash).equals(image.hash());
  }

  /// Whether a page of the file lies in the other slot, at its place.
  boolean holdsPageOf(Bytes file) {
    Bytes slot = secondary();
    for (int at = 0; at < file.size(); at += BlockTable.PAGE_BYTES) {
      int end = Math.min(at + BlockTable.PAGE_BYTES, file.size());
      if (slot.slice(at, end).equals(file.slice(at, end))) {
        return true;
      }
    }
    return false;
  }

  /// Whether the bytes lie in the other slot at an offset, and the slot is marked to boot.
  boolean isMarkedWith(int offset, Bytes bytes) {
    SwapType asked = new ImageMarks(device.setup().boot()).requested(device.flash());
    return (asked == SwapType.TEST || asked == SwapType.PERM)
        && secondary().slice(offset, offset + bytes.size()).equals(bytes);
  }

  private Bytes secondary() {
    FlashArea area = device.setup().boot().area(Slot.SECONDARY);
    return device.flash().read(area.start(), area.size());
  }
}
