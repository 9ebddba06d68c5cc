// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootResult;
import dev.sealift.boot.Bootloader;
import dev.sealift.boot.Flash;
import dev.sealift.boot.PowerCutException;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.permit.Checks;
import dev.sealift.smp.Group;
import dev.sealift.smp.Hooks;
import dev.sealift.smp.LinkId;
import dev.sealift.smp.SmpServer;
import dev.sealift.update.Gate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// One device: flash, bootloader, SMP server and, when it has a root of trust, the agent that
/// guards it. Off until [#powerOn]. Calls from several threads take turns, as requests on a device
/// do.
public final class VirtualDevice {
  private final DeviceSetup setup;
  private final Checks checks;
  private final Flash flash;
  private final ReentrantLock turn = new ReentrantLock();
  private Optional<Application> application = Optional.empty();
  private Consumer<BootResult> bootObserver = _ -> {};

  /// With checks left out only in the hands of the attacks, which alone can make such a value.
  public VirtualDevice(DeviceSetup setup, Checks checks) {
    this.setup = setup;
    this.checks = checks;
    this.flash = new Flash(setup.boot().flash());
  }

  /// A device as it is shipped: every check is made.
  public static VirtualDevice of(DeviceSetup setup) {
    return new VirtualDevice(setup, Checks.all());
  }

  /// The running application, from one start to the next.
  private static final class Application {
    private final SmpServer server;
    private final Optional<Agent> agent;
    private final Slots slots;
    private boolean resetAsked;

    Application(DeviceSetup setup, Flash flash, Slot slot, Checks checks) {
      this.slots = new Slots(setup.boot(), flash, slot);
      this.agent = setup.root().map(root -> new Agent(setup, root, slots, checks));
      this.server =
          new SmpServer(
              setup.smp(),
              new DeviceImages(slots),
              agent
                  .<Map<Group, dev.sealift.smp.GroupHandler>>map(gate -> Map.of(Group.PERMIT, gate))
                  .orElse(Map.of()),
              agent.<Hooks>map(gate -> gate).orElse(Hooks.NONE),
              () -> resetAsked = true);
    }
  }

  public DeviceSetup setup() {
    return setup;
  }

  /// Tells every start from now on, also those after a reset over SMP, to `observer` alone.
  public void observeBoots(Consumer<BootResult> observer) {
    bootObserver = observer;
  }

  /// The flash as a programmer's cable reaches it: past the application, past the agent.
  public Flash flash() {
    return flash;
  }

  /// Power comes on: the bootloader decides, and what it starts runs.
  public BootResult powerOn() {
    turn.lock();
    try {
      flash.powerUp();
      return start();
    } finally {
      turn.unlock();
    }
  }

  /// Power goes; what is in memory is lost.
  public void powerOff() {
    turn.lock();
    try {
      application = Optional.empty();
    } finally {
      turn.unlock();
    }
  }

  private BootResult start() {
    application = Optional.empty();
    BootResult result = new Bootloader(setup.boot()).boot(flash);
    if (result.outcome() instanceof BootOutcome.Booted(Slot slot, _)) {
      application = Optional.of(new Application(setup, flash, slot, checks));
    }
    bootObserver.accept(result);
    return result;
  }

  /// A packet comes in over a link; the answers go back over it. A device that is off, or loses
  /// power on the way, is silent. A reset that was asked for happens once the answer is out.
  public List<Bytes> receive(LinkId link, Bytes packet) {
    turn.lock();
    try {
      if (application.isEmpty()) {
        return List.of();
      }
      Application running = application.get();
      List<Bytes> answers = running.server.receive(link, packet);
      if (running.resetAsked) {
        start();
      }
      return answers;
    } catch (PowerCutException _) {
      application = Optional.empty();
      return List.of();
    } finally {
      turn.unlock();
    }
  }

  public boolean isRunning() {
    return application.isPresent();
  }

  /// The image that runs; empty while off.
  public Optional<Image> runningImage() {
    turn.lock();
    try {
      return application.flatMap(running -> running.slots.image(running.slots.running()));
    } finally {
      turn.unlock();
    }
  }

  /// The image that lies in a slot.
  public Optional<Image> image(Slot slot) {
    return new Slots(setup.boot(), flash, Slot.PRIMARY).image(slot);
  }

  /// How far the agent's accepted permit has come; empty without an agent or while off.
  public Optional<Gate.Stage> stage() {
    turn.lock();
    try {
      return application.flatMap(running -> running.agent).map(Agent::stage);
    } finally {
      turn.unlock();
    }
  }
}
