// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.Trust;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.Firmware;
import dev.sealift.device.PowerDice;
import dev.sealift.device.PowerSupply;
import dev.sealift.device.SelfTest;
import dev.sealift.device.VirtualDevice;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.DeviceFacts.Carrying;
import dev.sealift.permit.Root;
import dev.sealift.permit.VendorId;
import dev.sealift.transport.ConsoleManners;
import dev.sealift.transport.Target;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs virtual devices until they are stopped.
@Command(
    name = "virtual",
    description = "Run virtual devices that speak SMP over UDP or any other wire, until Ctrl-C.",
    subcommands = VirtualProfiles.class,
    synopsisSubcommandLabel = "[profiles]",
    footer = {
      "",
      "Example: sealift virtual --firmware app-1.0.0.bin --image-key image.pub.pem",
      "           --root root.cbor --vendor acme.example --class sensor-1",
      "         sealift virtual --profile nrf52840 --profile my.toml --count 20",
      "           --firmware app-1.0.0.bin --image-key image.pub.pem --state fleet",
      "         sealift virtual --firmware app-1.0.0.bin --image-key image.pub.pem",
      "           --listen serial:///dev/pts/3 --console zephyr-1.14"
    })
final class VirtualCommand extends Verb {
  /// Each has its flash in memory and a port.
  private static final int DEVICES_MAX = 500;

  /// Whose a device is that says it to nobody: without an agent the identity is not asked for.
  private static final VendorId NOBODY = VendorId.ofDomain("virtual.invalid");

  @Option(
      names = "--profile",
      paramLabel = "NAME|FILE",
      description =
          "what the device is: a profile that comes along ('sealift virtual profiles') or a file; "
              + "may be repeated")
  private List<String> profiles = new ArrayList<>();

  @Option(
      names = "--count",
      paramLabel = "N",
      defaultValue = "1",
      description = "devices of each profile, default 1")
  private String count = "";

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      description =
          "the signed image a new device starts with; repeat for the further images of a device")
  private List<Path> firmware = new ArrayList<>();

  @Option(
      names = "--image-key",
      paramLabel = "FILE",
      description = "public key that its bootloader trusts, instead of those of the profile")
  private @Nullable Path imageKey;

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "its root of trust; without one it takes firmware from anybody, as many do")
  private @Nullable Path root;

  @Mixin private KindOptions kind = new KindOptions();

  @Mixin private FirmwareOptions built = new FirmwareOptions();

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "1337",
      description = "UDP port of the first, default 1337, the others follow; 0 takes free ones")
  private String port = "";

  @Option(
      names = "--listen",
      paramLabel = "TARGET",
      description =
          "where the device listens instead: udp, dtls, serial or uart as for --to of 'device'; may"
              + " be repeated, for one device")
  private List<String> listen = new ArrayList<>();

  @Option(
      names = "--console",
      paramLabel = "NAME",
      defaultValue = "zephyr",
      description = "how it behaves on a serial console: zephyr (default), zephyr-1.14 or recovery")
  private String consoleName = "";

  @Option(
      names = "--slot-size",
      paramLabel = "BYTES",
      defaultValue = "",
      description = "without a profile: size of each of its two slots, default 0x60000")
  private String slotSize = "";

  @Option(
      names = "--state",
      paramLabel = "DIR",
      description = "keep the flash of each device in a file there, and go on from it")
  private @Nullable Path state;

  @Option(
      names = "--deployment",
      paramLabel = "ID",
      defaultValue = "",
      description = "whose hands they are in: a UUID, or DOMAIN/NAME; in nobody's unless told")
  private String deployment = "";

  @Option(
      names = "--serial",
      paramLabel = "N",
      defaultValue = "1",
      description = "serial number of the first device, default 1; the others count on")
  private String serial = "";

  @Option(names = "--carry", description = "they take along for others what is not for themselves")
  private boolean carries;

  @Option(
      names = "--self-test",
      paramLabel = "RESULT",
      defaultValue = "pass",
      description = "what a new image finds when it looks at itself: pass (default), fail or never")
  private String selfTest = "";

  @Option(
      names = "--power-cuts",
      paramLabel = "SEED",
      defaultValue = "",
      description = "let the power fail again and again, at operations that dice choose")
  private String powerCuts = "";

  VirtualCommand(Console console) {
    super(console);
  }

  /// One device to be: its name, and what it is made of.
  private record Plan(String name, DeviceSetup setup) {
    BootConfig boot() {
      return setup.boot();
    }
  }

  @Override
  Outcome carryOut() {
    List<Bytes> factory = firmware.stream().map(Files::readImage).toList();
    List<Plan> plans = plans();
    int first = Numbers.parseInt("--port", port, 0, 0xffff);
    if (first != 0 && first + plans.size() - 1 > 0xffff) {
      throw Failure.usage("%d ports from %d on are too many".formatted(plans.size(), first));
    }
    Optional<RunningDevice.Ears> wires = wires(plans.size());
    Optional<SplittableRandom> dice =
        powerCuts.isEmpty()
            ? Optional.empty()
            : Optional.of(
                new SplittableRandom(Numbers.parse("--power-cuts", powerCuts, 0, Long.MAX_VALUE)));
    List<RunningDevice> running = new CopyOnWriteArrayList<>();
    Thread stop = new Thread(() -> close(running), "stop");
    CompletableFuture<Void> ended = new CompletableFuture<>();
    try {
      Runtime.getRuntime().addShutdownHook(stop);
      if (root == null) {
        console()
            .say(
                "no root of trust: %s firmware from anybody who reaches %s"
                    .formatted(
                        plans.size() == 1 ? "this device takes" : "these devices take",
                        plans.size() == 1 ? "it" : "them"));
      }
      for (Plan plan : plans) {
        RunningDevice device = prepare(plan, factory);
        running.add(device);
        device.powerOn(
            dice.<PowerSupply>map(all -> new PowerDice(all.split())).orElse(PowerSupply.STEADY));
        int number = first == 0 ? 0 : first + running.size() - 1;
        device.listen(wires.orElseGet(() -> new RunningDevice.Ears.Port(number)), ended);
      }
      if (isFleet()) {
        console().say("%d running (Ctrl-C ends it)".formatted(plans.size()));
      }
      // Ends with the process, or when a flash cannot be written to its file any more.
      ended.get();
      return Outcome.done("", CborMap.EMPTY);
    } catch (IOException e) {
      throw Failure.world(Files.reason(e));
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException cause && cause.getCause() != null) {
        throw Failure.world("%s: %s".formatted(cause.getMessage(), Files.reason(cause.getCause())));
      }
      throw new IllegalStateException("a device ended", e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    } finally {
      close(running);
    }
  }

  /// Empty where none are named.
  private Optional<RunningDevice.Ears> wires(int devices) {
    ConsoleManners manners =
        ConsoleManners.named(consoleName)
            .orElseThrow(
                () ->
                    Failure.usage(
                        "--console must be zephyr, zephyr-1.14 or recovery, is '%s'"
                            .formatted(consoleName)));
    if (listen.isEmpty()) {
      return Optional.empty();
    }
    if (devices > 1) {
      throw Failure.usage("--listen is for one device, these are %d".formatted(devices));
    }
    List<Target> targets = new ArrayList<>();
    for (String one : listen) {
      try {
        targets.add(Target.parse(one));
      } catch (MalformedException e) {
        throw Failure.usage("--listen: " + e.getMessage());
      }
    }
    return Optional.of(new RunningDevice.Ears.Wires(targets, manners));
  }

  /// At the end, however it comes: the ports first, so that nothing is asked any more.
  private static void close(List<RunningDevice> running) {
    for (RunningDevice device : running) {
      try {
        device.close();
      } catch (IOException _) {
        // All of it is in the file already; only the lock is given back, and that goes with us.
      }
    }
  }

  private boolean isFleet() {
    return !profiles.isEmpty();
  }

  private List<Plan> plans() {
    Optional<Root> trusted = Optional.ofNullable(root).map(Roots::read);
    Optional<Trust> trust =
        Optional.ofNullable(imageKey)
            .map(Keys::readPublic)
            .map(key -> new Trust.Signatures(key.type(), List.of(key)));
    int each = Numbers.parseInt("--count", count, 1, DEVICES_MAX);
    long first = Numbers.parse("--serial", serial, 0, Long.MAX_VALUE - DEVICES_MAX);
    List<Plan> plans = new ArrayList<>();
    Map<String, DeviceProfile> named = new LinkedHashMap<>();
    Map<String, Integer> made = new LinkedHashMap<>();
    List<DeviceProfile> kinds = kinds();
    Firmware firmware = built.firmware(each * kinds.size());
    for (int kind = 0; kind < kinds.size(); kind++) {
      DeviceProfile read = kinds.get(kind);
      DeviceProfile profile = trust.map(read::trusting).orElse(read);
      DeviceProfile same = named.putIfAbsent(profile.name(), profile);
      if (same != null && !same.equals(profile)) {
        throw Failure.usage("two different profiles are named " + profile.name());
      }
      if (same == null && Profiles.checksHashesOnly(profile)) {
        console()
            .say(
                "%s: no key, so it boots any image whose hash is right; --image-key gives it one"
                    .formatted(profile.name()));
      }
      DeviceSetup setup = setup(profile, trusted, firmware);
      for (int i = 0; i < each; i++) {
        int number = made.merge(profile.name(), 1, Integer::sum);
        // In turns, so that a device keeps its number when there come to be more of each kind.
        DeviceSetup own = setup.numbered(first + (long) i * kinds.size() + kind);
        plans.add(new Plan(profile.name() + "-" + number, own));
      }
    }
    if (plans.size() > DEVICES_MAX) {
      throw Failure.usage("at most %d devices, not %d".formatted(DEVICES_MAX, plans.size()));
    }
    return plans;
  }

  private List<DeviceProfile> kinds() {
    if (!profiles.isEmpty()) {
      if (!slotSize.isEmpty()) {
        throw Failure.usage("--slot-size is for a device without a profile");
      }
      return profiles.stream().map(Profiles::read).toList();
    }
    if (imageKey == null) {
      throw Failure.usage("give --image-key, or a --profile that names a key");
    }
    VerifyingKey key = Keys.readPublic(imageKey);
    int slot =
        slotSize.isEmpty()
            ? 0x6_0000
            : Numbers.parseInt("--slot-size", slotSize, 0x8000, 0x100_0000) / 4096 * 4096;
    return List.of(Devices.profile(slot, key));
  }

  private DeviceSetup setup(DeviceProfile profile, Optional<Root> trusted, Firmware firmware) {
    Optional<DeviceProfile> known = Optional.of(profile);
    Optional<VendorId> whose = kind.vendor(known);
    Optional<ClassId> which = kind.deviceClass(known, whose.orElse(NOBODY));
    if (trusted.isPresent() && (whose.isEmpty() || which.isEmpty())) {
      throw Failure.usage(
          "a device with a root of trust must know whose it is and what: give --vendor and --class,"
              + " or a profile that says it");
    }
    VendorId owner = whose.orElse(NOBODY);
    try {
      DeviceSetup setup =
          new DeviceSetup(profile, owner, which.orElse(ClassId.of(owner, profile.name())), trusted)
              .with(carries ? Carrying.WILLING : Carrying.NEVER)
              .with(firmware);
      return deployment.isEmpty()
          ? setup
          : setup.deployed(Identity.deployment("--deployment", deployment));
    } catch (IllegalArgumentException e) {
      throw Failure.refused("the profile %s: %s".formatted(profile.name(), e.getMessage()));
    }
  }

  /// A device that is ready to be powered on. A new one must start with its firmware; one that goes
  /// on from its file is what it is.
  private RunningDevice prepare(Plan plan, List<Bytes> factory) {
    Optional<Path> path =
        Optional.ofNullable(state).map(folder -> folder.resolve(plan.name + ".flash"));
    VirtualDevice device = VirtualDevice.of(plan.setup, Devices.surroundings().with(selfTest()));
    boolean isNew = path.isEmpty() || !java.nio.file.Files.exists(path.get());
    if (isNew) {
      FactoryImage.fill(device.flash(), plan.name, plan.boot(), factory);
    }
    RunningDevice running =
        new RunningDevice(
            plan.name,
            isFleet() ? RunningDevice.Company.AMONG_OTHERS : RunningDevice.Company.ALONE,
            device,
            console(),
            VirtualCommand::pass);
    if (path.isPresent()) {
      makeFolder(path.get().toAbsolutePath().getParent());
      running.keepIn(path.get());
    }
    return running;
  }

  private SelfTest selfTest() {
    return switch (selfTest) {
      case "pass" -> SelfTest.PASSES;
      case "fail" -> _ -> SelfTest.Result.FAILED;
      case "never" -> _ -> SelfTest.Result.RUNNING;
      default ->
          throw Failure.usage(
              "--self-test must be pass, fail or never, is '%s'".formatted(selfTest));
    };
  }

  /// The flash is at work, as long as its profile says.
  private static void pass(Duration work) {
    try {
      TimeUnit.NANOSECONDS.sleep(work.toNanos());
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    }
  }

  private static void makeFolder(@Nullable Path folder) {
    if (folder == null) {
      return;
    }
    try {
      java.nio.file.Files.createDirectories(folder);
    } catch (IOException e) {
      throw Failure.world("cannot make the folder %s: %s".formatted(folder, Files.reason(e)));
    }
  }
}
