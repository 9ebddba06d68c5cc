// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashUse;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.image.Image;
import dev.sealift.permit.Checks;
import dev.sealift.smp.Group;
import dev.sealift.smp.Os;
import dev.sealift.smp.server.CrashService;
import dev.sealift.smp.server.FilesService;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.LinkId;
import dev.sealift.smp.server.LogService;
import dev.sealift.smp.server.Mood;
import dev.sealift.smp.server.ServedGroup;
import dev.sealift.smp.server.SettingsService;
import dev.sealift.smp.server.ShellService;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.server.StatisticsService;
import dev.sealift.smp.server.SystemFacts;
import dev.sealift.smp.server.TransportsService;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.IntConsumer;

/// What runs on a device from one start to the next: the application, or the bootloader in
/// recovery. All its parts are put together here.
final class Application {
  /// What is to happen once the answers are out.
  enum Next {
    STAY,
    RESTART,
    RECOVERY
  }

  /// A reset with this boot mode asks for the bootloader; others are passed over.
  private static final long BOOT_MODE_BOOTLOADER = 1;

  private static final long LOG_LEVEL_INFO = 1;

  private final SmpServer server;
  private final Optional<Agent> agent;
  private final Slots slots;
  private Next next = Next.STAY;
  private long packets;

  private Application(Slots slots, Optional<Agent> agent, Making making) {
    this.slots = slots;
    this.agent = agent;
    this.server = making.server(this);
  }

  /// Makes the server of an application that is being made.
  private interface Making {
    SmpServer server(Application application);
  }

  /// The application that lies in `slot`.
  static Application started(
      DeviceSetup setup,
      Flash flash,
      Slot slot,
      Checks checks,
      Surroundings surroundings,
      Persistent persistent,
      IntConsumer verified) {
    List<Slots> images = Slots.all(setup.boot(), flash, slot);
    Optional<Agent> agent =
        setup.root().map(root -> new Agent(setup, root, images, checks, surroundings, verified));
    persistent.settings().load();
    return new Application(
        images.getFirst(),
        agent,
        application ->
            new SmpServer(
                setup.smp(),
                setup.facts(),
                new DeviceImages(images),
                application.groups(setup, flash, surroundings, persistent),
                agent.<Hooks>map(gate -> gate).orElse(Hooks.NONE),
                asked -> application.resetAsked(setup, asked)));
  }

  /// MCUboot, waiting for somebody on its serial line.
  static Application recovering(DeviceSetup setup, Flash flash) {
    Slots slots = new Slots(setup.boot(), flash, Slot.PRIMARY);
    return new Application(
        slots,
        Optional.empty(),
        application ->
            new SmpServer(
                new SmpServer.Setup(
                    setup.smp().bufferSize(), setup.smp().bufferCount(), Mood.MCUBOOT_RECOVERY),
                SystemFacts.of(SystemFacts.Info.of("MCUboot"), setup.facts().bootMode()),
                new RecoveryImages(slots),
                List.of(),
                Hooks.NONE,
                _ -> application.next = Next.RESTART));
  }

  private void resetAsked(DeviceSetup setup, Os.Reset asked) {
    boolean isToBootloader =
        asked.bootMode().filter(mode -> mode == BOOT_MODE_BOOTLOADER).isPresent();
    next =
        isToBootloader && setup.firmware().recovery() == Firmware.Recovery.BY_RESET
            ? Next.RECOVERY
            : Next.RESTART;
  }

  private List<ServedGroup> groups(
      DeviceSetup setup, Flash flash, Surroundings surroundings, Persistent persistent) {
    List<ServedGroup> groups = new ArrayList<>();
    Set<Group> chosen = setup.firmware().groups();
    int bufferSize = setup.smp().bufferSize();
    for (Group group : Group.values()) {
      if (chosen.contains(group)) {
        groups.add(
            ServedGroup.of(
                group,
                switch (group) {
                  case STATISTICS -> new StatisticsService(() -> figures(flash));
                  case SETTINGS -> new SettingsService(persistent.settings());
                  case LOG -> log();
                  case CRASH -> new CrashService(() -> next = Next.RESTART);
                  case FILES -> new FilesService(persistent.files(), bufferSize);
                  case SHELL ->
                      new ShellService(
                          new DeviceShell(this::image, new Uptime(surroundings.nanos())),
                          bufferSize);
                  case TRANSPORTS -> new TransportsService(List.of());
                  case OS, IMAGE, SPLIT, RUN, ENUMERATION, BASIC, SUIT, PERMIT ->
                      throw new IllegalStateException("not to be chosen: " + group);
                }));
      }
    }
    setup
        .profile()
        .storage()
        .ifPresent(area -> groups.add(ServedGroup.of(Group.BASIC, new Storage(flash, area))));
    agent.ifPresent(gate -> groups.add(ServedGroup.of(Group.PERMIT, gate.desk())));
    return groups;
  }

  private Map<String, Map<String, Long>> figures(Flash flash) {
    FlashUse use = flash.use();
    Map<String, Long> ofFlash = new LinkedHashMap<>();
    ofFlash.put("bytes_read", use.bytesRead());
    ofFlash.put("bytes_written", use.bytesWritten());
    ofFlash.put("flash_erase_calls", (long) use.erases());
    ofFlash.put("flash_write_calls", (long) use.writes());
    Map<String, Map<String, Long>> figures = new LinkedHashMap<>();
    figures.put("flash_sim_stats", ofFlash);
    figures.put("smp_svr_stats", Map.of("packets", packets));
    return figures;
  }

  private LogService log() {
    LogService log = new LogService(Set.of("boot"));
    log.write(
        "boot",
        "started " + image().map(running -> "image " + running.version()).orElse("no image"),
        0,
        LOG_LEVEL_INFO);
    return log;
  }

  List<Bytes> receive(LinkId link, Bytes packet) {
    packets++;
    return server.receive(link, packet);
  }

  Next next() {
    return next;
  }

  Optional<Agent> agent() {
    return agent;
  }

  /// The image that runs.
  Optional<Image> image() {
    return slots.image(slots.running());
  }

  /// Looks after an image on trial: keeps it, or says that it is not well.
  boolean isUnwell() {
    return agent.filter(gate -> gate.settle() == Agent.Trial.FAILED).isPresent();
  }
}
