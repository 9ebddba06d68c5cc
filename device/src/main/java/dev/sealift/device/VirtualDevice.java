// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootResult;
import dev.sealift.boot.Bootloader;
import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashOperation;
import dev.sealift.boot.FlashUse;
import dev.sealift.boot.PowerCut;
import dev.sealift.boot.PowerCutException;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.permit.Checks;
import dev.sealift.permit.TrustState;
import dev.sealift.smp.server.LinkId;
import dev.sealift.update.Gate;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/// One device: flash, bootloader, SMP server and, when it has a root of trust, the agent that
/// guards it. Off until [#powerOn]. Calls from several threads take turns, as requests on a device
/// do.
public final class VirtualDevice {
  private final DeviceSetup setup;
  private final Checks checks;
  private final Surroundings surroundings;
  private final Flash flash;
  private final Persistent persistent;
  private final ReentrantLock turn = new ReentrantLock();
  private Optional<Application> application = Optional.empty();
  private PowerSupply supply = PowerSupply.STEADY;
  private Optional<PowerCut> nextCut = Optional.empty();
  private Consumer<DeviceEvent> observer = _ -> {};
  private long verifications;

  /// With checks left out only in the hands of the attacks, which alone can make such a value.
  public VirtualDevice(DeviceSetup setup, Checks checks, Surroundings surroundings) {
    this.setup = setup;
    this.checks = checks;
    this.surroundings = surroundings;
    this.flash = new Flash(setup.boot().flash());
    this.persistent = Persistent.of(setup.firmware());
  }

  /// A device as it is shipped: every check is made.
  public static VirtualDevice of(DeviceSetup setup, Surroundings surroundings) {
    return new VirtualDevice(setup, Checks.all(), surroundings);
  }

  public DeviceSetup setup() {
    return setup;
  }

  /// Tells every start from now on, also those after a reset over SMP, and every failure of its
  /// supply to `newObserver` alone.
  public void observe(Consumer<DeviceEvent> newObserver) {
    observer = newObserver;
  }

  /// Feeds it from that supply from the next time the power comes on. When it fails it comes back
  /// at once, and the device starts again.
  public void powerBy(PowerSupply newSupply) {
    supply = newSupply;
  }

  /// The flash as a programmer's cable reaches it: past the application, past the agent.
  public Flash flash() {
    return flash;
  }

  /// Power comes on: the bootloader decides, and what it starts runs.
  public BootResult powerOn() {
    turn.lock();
    try {
      return comeOn();
    } finally {
      turn.unlock();
    }
  }

  private BootResult comeOn() {
    while (true) {
      nextCut = supply.next();
      nextCut.ifPresentOrElse(flash::powerUpUntil, flash::powerUp);
      try {
        BootResult result = start();
        if (nextCut.isEmpty() || !(result.outcome() instanceof BootOutcome.PowerLost)) {
          return result;
        }
      } catch (PowerCutException e) {
        // While the application came up.
        if (nextCut.isEmpty()) {
          throw e;
        }
      }
      failed(nextCut.get());
    }
  }

  private void failed(PowerCut cut) {
    FlashOperation at =
        flash
            .lastOperation()
            .orElseThrow(() -> new IllegalStateException("the power failed at no operation"));
    observer.accept(new DeviceEvent.PowerFailed(cut, at));
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

  /// An application that is not well restarts by itself, and the bootloader brings back the image
  /// before. That one is not on trial, so the second start is the last.
  private BootResult start() {
    BootResult result = startOnce();
    return application.filter(Application::isUnwell).isPresent() ? startOnce() : result;
  }

  private BootResult startOnce() {
    application = Optional.empty();
    FlashUse before = flash.use();
    BootResult result = new Bootloader(setup.boot()).boot(flash);
    observer.accept(new DeviceEvent.Started(result, flash.use().since(before)));
    if (result.outcome() instanceof BootOutcome.Booted(Slot slot, _)) {
      application =
          Optional.of(
              Application.started(
                  setup,
                  flash,
                  slot,
                  checks,
                  surroundings,
                  persistent,
                  count -> verifications += count));
    }
    return result;
  }

  /// A packet comes in over a link; the answers go back over it. A device that is off, or loses
  /// power on the way, is silent. A reset that was asked for happens once the answer is out.
  public List<Bytes> receive(LinkId link, Bytes packet) {
    return serve(link, packet).answers();
  }

  /// What came of a packet, and how long the flash worked for it, which whoever sends the answers
  /// may wait for: in here no time passes.
  public record Served(List<Bytes> answers, Duration work) {
    private static final Served SILENCE = new Served(List.of(), Duration.ZERO);

    public Served {
      answers = List.copyOf(answers);
    }
  }

  /// As [#receive].
  public Served serve(LinkId link, Bytes packet) {
    turn.lock();
    try {
      if (application.isEmpty()) {
        return Served.SILENCE;
      }
      Application running = application.get();
      FlashUse before = flash.use();
      List<Bytes> answers = running.receive(link, packet);
      Duration work = setup.profile().timings().time(flash.use().since(before), flash.geometry());
      if (running.next() == Application.Next.RECOVERY) {
        application = Optional.of(Application.recovering(setup, flash));
      } else if (running.next() == Application.Next.RESTART || running.isUnwell()) {
        reset();
      }
      return new Served(answers, work);
    } catch (PowerCutException _) {
      application = Optional.empty();
      comeBack();
      return Served.SILENCE;
    } finally {
      turn.unlock();
    }
  }

  private void reset() {
    if (start().outcome() instanceof BootOutcome.PowerLost) {
      comeBack();
    }
  }

  /// After the power has failed: by a supply that fails it comes back, by a hand it stays off.
  private void comeBack() {
    if (nextCut.isPresent()) {
      failed(nextCut.get());
      comeOn();
    }
  }

  public boolean isRunning() {
    return application.isPresent();
  }

  /// The image that runs; empty while off.
  public Optional<Image> runningImage() {
    turn.lock();
    try {
      return application.flatMap(running -> running.image());
    } finally {
      turn.unlock();
    }
  }

  /// What lies in a slot of image 0.
  public Optional<Image> image(Slot slot) {
    return image(0, slot);
  }

  /// What lies in a slot of that image.
  public Optional<Image> image(int image, Slot slot) {
    return new Slots(setup.boot(), flash, image, Slot.PRIMARY).image(slot);
  }

  /// Time passes for the application without anybody asking: an image on trial looks at itself.
  public void tick() {
    turn.lock();
    try {
      if (application.filter(Application::isUnwell).isPresent()) {
        reset();
      }
    } catch (PowerCutException _) {
      application = Optional.empty();
      comeBack();
    } finally {
      turn.unlock();
    }
  }

  /// Somebody at the device agrees that what is staged may run.
  public void consent() {
    turn.lock();
    try {
      application.flatMap(Application::agent).ifPresent(Agent::consent);
    } finally {
      turn.unlock();
    }
  }

  /// A server has told the time, in seconds since 1970, over a link that the device trusts.
  public void serverTime(long seconds) {
    turn.lock();
    try {
      application.flatMap(Application::agent).ifPresent(gate -> gate.serverTime(seconds));
    } finally {
      turn.unlock();
    }
  }

  /// What it can pass on to its neighbours of what it runs.
  public Sharing sharing() {
    turn.lock();
    try {
      return application
          .flatMap(Application::agent)
          .map(Agent::sharing)
          .orElseGet(() -> new Sharing.Cannot("the device is off, or has no permit to show"));
    } finally {
      turn.unlock();
    }
  }

  /// What the agent remembers; empty without an agent or while off.
  public Optional<TrustState> trust() {
    turn.lock();
    try {
      return application.flatMap(Application::agent).map(Agent::state);
    } finally {
      turn.unlock();
    }
  }

  /// How many signatures its agent has verified so far, through all its starts.
  public long verifications() {
    turn.lock();
    try {
      return verifications;
    } finally {
      turn.unlock();
    }
  }

  /// How far the agent's accepted permit has come; empty without an agent or while off.
  public Optional<Gate.Stage> stage() {
    turn.lock();
    try {
      return application.flatMap(Application::agent).map(Agent::stage);
    } finally {
      turn.unlock();
    }
  }
}
