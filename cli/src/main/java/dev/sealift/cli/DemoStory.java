// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashSnapshot;
import dev.sealift.boot.ImageMarks;
import dev.sealift.boot.PowerCut;
import dev.sealift.boot.PowerCuts;
import dev.sealift.boot.Slot;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.device.DeviceEvent;
import dev.sealift.device.DeviceSetup;
import dev.sealift.device.SelfTest;
import dev.sealift.device.Sharing;
import dev.sealift.device.VirtualDevice;
import dev.sealift.image.Image;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.Refusal;
import dev.sealift.permit.VendorId;
import dev.sealift.transport.SmpClient;
import dev.sealift.transport.UdpListener;
import dev.sealift.update.UpdateMaterial;
import dev.sealift.update.UpdateResult;
import dev.sealift.update.Updater;
import dev.sealift.update.Wanted;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;

/// The demo in chapters. What a person could type is typed, as commands of this very program; what
/// only an attacker would do is done with the same rooms. Every claim is checked as it is made: a
/// demo that goes otherwise ends as a bug.
final class DemoStory {
  private static final int SECTOR = 4096;
  private static final int SLOT_MIN = 0x40000;
  private static final String VENDOR = "acme.example";
  private static final String CLASS = "sensor-1";

  private final Console console;
  private final Path folder;
  private final Bytes firmware;
  private final int slot;
  private final boolean json;
  private final List<String> summary = new ArrayList<>();
  private int chapters;

  DemoStory(Console console, Path folder, Bytes firmware) {
    this.console = console;
    this.folder = folder;
    this.firmware = firmware;
    this.json = console.form() == Console.Form.JSON;
    // Header, TLVs, trailer and the spare sector of swap-move want room beside the firmware.
    this.slot = Math.max(SLOT_MIN, Math.ceilDiv(firmware.size() + 8 * SECTOR, SECTOR) * SECTOR);
  }

  List<String> tell() {
    Files.write(file("firmware.bin"), firmware);
    keys();
    releases();
    VirtualDevice device = device("image.pub.pem", "app-1.0.0.bin");
    try (UdpListener listener = listen(device)) {
      String target = listener.target().toString();
      stranger(device, target);
      update(device, target);
      neighbours(device);
      refusals(device, target);
      revert(device, target);
    } catch (IOException e) {
      throw Failure.world(Files.reason(e));
    }
    powerCuts();
    imgtool();
    console.say("");
    List<String> lines = new ArrayList<>();
    lines.add("What you have seen");
    summary.forEach(line -> lines.add("  - " + line));
    lines.add("All devices were virtual; their bootloader decides as the recorded real one does.");
    return lines;
  }

  private void keys() {
    chapter("Keys on day one, and whom the devices trust");
    run("key", "new", "--type", "ecdsa-p256", path("image.pem"));
    run("key", "new", path("root.pem"));
    run("key", "new", path("alice.pem"));
    run("key", "new", path("bob.pem"));
    run(
        "trust",
        "root",
        "make",
        "--root-key",
        path("root.pub.pem"),
        "--release",
        path("alice.pub.pem"),
        "--release",
        path("bob.pub.pem"),
        "-o",
        path("root.cbor"));
    summary.add("a root of trust: a release needs Alice and Bob, the devices hold no secret");
  }

  private void releases() {
    chapter("Two versions of a firmware, and a release that two people sign");
    sign("image.pem", "1.0.0", 1, "app-1.0.0.bin");
    sign("image.pem", "1.1.0", 2, "app-1.1.0.bin");
    make("app-1.1.0");
    run("release", "sign", path("app-1.1.0.sealift"), "--key", path("alice.pem"));
    runRefused(
        "release",
        "check",
        path("app-1.1.0.sealift"),
        "--root",
        path("root.cbor"),
        "--vendor",
        VENDOR,
        "--class",
        CLASS);
    run("release", "sign", path("app-1.1.0.sealift"), "--key", path("bob.pem"));
    run(
        "release",
        "check",
        path("app-1.1.0.sealift"),
        "--root",
        path("root.cbor"),
        "--vendor",
        VENDOR,
        "--class",
        CLASS);
  }

  private void stranger(VirtualDevice device, String target) {
    chapter("A device that runs 1.0.0, and a stranger who reaches it");
    run("device", "info", "--to", target);
    run("key", "new", path("stranger.pem"));
    sign("stranger.pem", "6.6.6", 9, "stranger.bin");
    FlashSnapshot before = device.flash().snapshot();
    runRefused("device", "upload", path("stranger.bin"), "--to", target);
    unchanged(device, before);
    summary.add("a stranger's upload: refused before the first byte");
  }

  private void update(VirtualDevice device, String target) {
    chapter("The update: permit first, then the image, a trial boot, the confirmation");
    run("device", "update", path("app-1.1.0.sealift"), "--to", target);
    run("device", "images", "--to", target);
    require(runs(device, "1.1.0"), "the device runs 1.1.0");
    summary.add("the update to 1.1.0: taken, booted on trial, confirmed");
  }

  /// What one device runs it gives to the next; a third one offers the same and lies.
  private void neighbours(VirtualDevice device) throws IOException {
    chapter("A neighbour gets it from this device, and one that lies gets nowhere");
    UpdateMaterial own =
        switch (device.sharing()) {
          case Sharing.Ready(var material) -> material;
          case Sharing.Cannot(var reason) ->
              throw new IllegalStateException("the demo's own image cannot be shared: " + reason);
        };
    console.say(
        "The first device reads what it runs from its own flash, and the permit it came by:");
    console.say(
        "  %d bytes of image, %d of permit; no private key"
            .formatted(own.image().size(), own.release().orElseThrow().bundle().size()));
    VirtualDevice neighbour = device("image.pub.pem", "app-1.0.0.bin");
    try (UdpListener listener = listen(neighbour)) {
      String target = listener.target().toString();
      console.say(
          "A third device offers its neighbour the same permit, and one byte that is not so:");
      byte[] lie = own.image().toArray();
      lie[0x300] ^= 1;
      attack(neighbour, target, with(own, Bytes.owning(lie)));
      console.say("The first device gives what it has:");
      try (SmpClient client = new SmpClient(target(target).open(), System::nanoTime)) {
        UpdateResult result =
            new Updater(client, own, _ -> {}, _ -> {}).run(Wanted.Ending.CONFIRMED);
        require(result instanceof UpdateResult.Reached, "the neighbour is updated: " + result);
      }
      require(runs(neighbour, "1.1.0"), "the neighbour runs 1.1.0");
      console.say("  the neighbour runs 1.1.0, and has kept it after its own self-test");
    }
    summary.add("a neighbour updated by the first device alone; a third one that lied: refused");
  }

  private void refusals(VirtualDevice device, String target) throws IOException {
    chapter("What the device refuses, and why");
    sign("image.pem", "1.2.0", 3, "app-1.2.0.bin");

    console.say("One signature too few:");
    make("app-1.2.0");
    run("release", "sign", path("app-1.2.0.sealift"), "--key", path("alice.pem"));
    refused(device, "device", "update", path("app-1.2.0.sealift"), "--to", target);
    run("release", "sign", path("app-1.2.0.sealift"), "--key", path("bob.pem"));

    console.say("");
    console.say("A stranger's key:");
    run(
        "release",
        "make",
        path("app-1.2.0.bin"),
        "--vendor",
        VENDOR,
        "--class",
        CLASS,
        "-o",
        path("forged.sealift"));
    run("release", "sign", path("forged.sealift"), "--key", path("stranger.pem"));
    refused(device, "device", "update", path("forged.sealift"), "--to", target);

    console.say("");
    console.say("An older release, genuine in every signature:");
    make("app-1.0.0");
    run("release", "sign", path("app-1.0.0.sealift"), "--key", path("alice.pem"));
    run("release", "sign", path("app-1.0.0.sealift"), "--key", path("bob.pem"));
    refused(device, "device", "update", path("app-1.0.0.sealift"), "--to", target);

    UpdateMaterial genuine = Releases.material(file("app-1.2.0.sealift"));
    console.say("");
    console.say("An image with one bit changed, under the genuine permit of 1.2.0:");
    byte[] tampered = genuine.image().toArray();
    tampered[0x300] ^= 1;
    attack(device, target, with(genuine, Bytes.owning(tampered)));

    console.say("");
    console.say("Garbage of the right length, under the genuine permit of 1.2.0:");
    byte[] garbage = new byte[genuine.image().size()];
    new SplittableRandom(1).nextBytes(garbage);
    // A header that looks right, or the server would not even ask the agent.
    genuine.image().first(32).copyTo(garbage, 0);
    attack(device, target, with(genuine, Bytes.owning(garbage)));
    summary.add(
        "one signature too few, a stranger's key, an older release, a changed image and garbage:"
            + " each refused with its reason, the device as it was");
  }

  /// Another image under the same permit.
  private static UpdateMaterial with(UpdateMaterial genuine, Bytes image) {
    UpdateMaterial.Piece main = genuine.main();
    return new UpdateMaterial(
        List.of(new UpdateMaterial.Piece(main.place(), image, main.imageHash(), main.table())),
        genuine.release());
  }

  private void attack(VirtualDevice device, String target, UpdateMaterial hostile)
      throws IOException {
    Bytes before = slots(device);
    try (SmpClient client = new SmpClient(target(target).open(), System::nanoTime)) {
      UpdateResult result =
          new Updater(client, hostile, _ -> {}, _ -> {}).run(Wanted.Ending.STAGED);
      switch (result) {
        case UpdateResult.Refused(_, var refusal, _) -> {
          require(refusal == Refusal.R20, "the refusal is R20");
          console.say("  the device: %s, %s".formatted(refusal, refusal.code()));
        }
        case UpdateResult.Reached _, UpdateResult.Denied _, UpdateResult.Stopped _ ->
            require(false, "the device refuses: " + result);
      }
    }
    require(slots(device).equals(before), "both slots are byte for byte as they were");
    console.say("  both slots are byte for byte as they were");
  }

  private void revert(VirtualDevice device, String target) {
    chapter("An image that is genuine, and does not pass its own self-test");
    device.observe(this::told);
    runRefused("device", "update", path("app-1.2.0.sealift"), "--to", target);
    require(runs(device, "1.1.0"), "1.1.0 runs again");
    run("device", "images", "--to", target);
    summary.add("an image that failed its self-test: reverted by the device itself");
  }

  private void told(DeviceEvent event) {
    if (event instanceof DeviceEvent.Started(var result, _)) {
      console.say("  (the device: " + RunningDevice.words(result) + ")");
    }
  }

  private void powerCuts() {
    chapter("The power cut at every single flash operation of the swap");
    Bytes old = Files.read(file("app-1.0.0.bin"));
    Bytes next = Files.read(file("app-1.1.0.bin"));
    BootConfig profile = device("image.pub.pem", "app-1.0.0.bin").setup().boot();
    Flash flash = new Flash(profile.flash());
    flash.lay(profile.primary().start(), old);
    flash.lay(profile.secondary().start(), next);
    new ImageMarks(profile).test(flash);
    FlashSnapshot marked = flash.snapshot();
    FutureTask<PowerCuts.Sweep> halfway =
        new FutureTask<>(() -> PowerCuts.everyCut(profile, marked, PowerCut.Moment.HALFWAY));
    Thread.ofPlatform().daemon().start(halfway);
    PowerCuts.Sweep before = PowerCuts.everyCut(profile, marked, PowerCut.Moment.BEFORE);
    PowerCuts.Sweep half;
    try {
      half = halfway.get();
    } catch (InterruptedException | ExecutionException e) {
      throw new IllegalStateException("the cuts did not run to their end", e);
    }
    int cuts = 0;
    for (PowerCuts.Sweep sweep : List.of(before, half)) {
      for (PowerCuts.CutEnding cut : sweep.cuts()) {
        require(
            cut.next().result().outcome() instanceof BootOutcome.Booted,
            "the device boots after " + cut.cut());
        require(
            cut.next().flashSha256().equals(sweep.uncut().flashSha256()),
            "the swap is completed after " + cut.cut());
        cuts++;
      }
    }
    console.say(
        "  %d power cuts (before and in the middle of each of %d operations), %d devices that came back"
            .formatted(cuts, before.cuts().size(), cuts));
    console.say("  each completed the swap at the next start, to the same byte");
    console.event(CborMap.builder().put("power-cuts", cuts).build());
    summary.add("%d power cuts during the swap: every device came back".formatted(cuts));
  }

  private void imgtool() {
    chapter("A second device, and an image that MCUboot's own tool signed");
    // A public test key, and an image that imgtool made with it.
    Files.write(file("their.pem"), DemoCommand.resource("keys/p256.pem"));
    Files.write(file("their.pub.pem"), DemoCommand.resource("keys/p256.pub.pem"));
    Files.write(file("imgtool.bin"), DemoCommand.resource("images/sig-p256-big.bin"));
    run("image", "verify", "--key", path("their.pub.pem"), path("imgtool.bin"));
    run(
        "release",
        "make",
        path("imgtool.bin"),
        "--no-image-sequence",
        "--sequence",
        "1",
        "--vendor",
        VENDOR,
        "--class",
        CLASS,
        "-o",
        path("imgtool.sealift"));
    run("release", "sign", path("imgtool.sealift"), "--key", path("alice.pem"));
    run("release", "sign", path("imgtool.sealift"), "--key", path("bob.pem"));
    quietly(
        "image",
        "sign",
        "--key",
        path("their.pem"),
        "--version",
        "3.0.0",
        "--pad-header",
        "--slot-size",
        "0x60000",
        path("firmware.bin"),
        path("their-3.0.0.bin"));
    VirtualDevice device = device(0x60000, "their.pub.pem", "their-3.0.0.bin");
    try (UdpListener listener = listen(device)) {
      String target = listener.target().toString();
      run("device", "update", path("imgtool.sealift"), "--to", target);
      run("device", "images", "--to", target);
    } catch (IOException e) {
      throw Failure.world(Files.reason(e));
    }
    require(runs(device, "3.1.4"), "the second device runs imgtool's image");
    summary.add("an image signed by MCUboot's imgtool: released, sent and booted all the same");
  }

  // The stage.

  private void chapter(String title) {
    chapters++;
    console.say("");
    console.say("%d. %s".formatted(chapters, title));
    console.say("");
    console.event(CborMap.builder().put("chapter", chapters).put("title", title).build());
  }

  private void sign(String key, String version, long sequence, String output) {
    run(
        "image",
        "sign",
        "--key",
        path(key),
        "--version",
        version,
        "--sequence",
        Long.toString(sequence),
        "--pad-header",
        "--slot-size",
        "0x%x".formatted(slot),
        path("firmware.bin"),
        path(output));
  }

  private void make(String name) {
    run(
        "release",
        "make",
        path(name + ".bin"),
        "--vendor",
        VENDOR,
        "--class",
        CLASS,
        "-o",
        path(name + ".sealift"));
  }

  private void run(String... args) {
    int code = typed(args);
    require(code == Exit.DONE.code(), "'%s' is done".formatted(String.join(" ", args)));
  }

  private void runRefused(String... args) {
    int code = typed(args);
    require(code == Exit.REFUSED.code(), "'%s' is refused".formatted(String.join(" ", args)));
  }

  private void refused(VirtualDevice device, String... args) {
    FlashSnapshot before = device.flash().snapshot();
    runRefused(args);
    unchanged(device, before);
  }

  private int typed(String... args) {
    console.say("$ sealift " + String.join(" ", args));
    return nested(args);
  }

  private int nested(String... args) {
    List<String> all = new ArrayList<>(List.of(args));
    if (json) {
      all.add("--json");
    }
    return Main.run(console, all.toArray(String[]::new));
  }

  private void quietly(String... args) {
    Console nowhere =
        new Console(
            new java.io.PrintStream(java.io.OutputStream.nullOutputStream()),
            console.err(),
            Terminal.NONE);
    require(
        Main.run(nowhere, args) == Exit.DONE.code(),
        "'%s' is done".formatted(String.join(" ", args)));
  }

  private void unchanged(VirtualDevice device, FlashSnapshot before) {
    require(device.flash().snapshot().equals(before), "the device is byte for byte as it was");
    console.say("  the device is byte for byte as it was");
  }

  private static void require(boolean holds, String claim) {
    if (!holds) {
      throw new IllegalStateException("the demo claims that " + claim + ", and it is not so");
    }
  }

  private VirtualDevice device(String key, String factory) {
    return device(slot, key, factory);
  }

  private VirtualDevice device(int slotSize, String key, String factory) {
    VerifyingKey imageKey = Keys.readPublic(file(key));
    VendorId vendor = VendorId.ofDomain(VENDOR);
    DeviceSetup setup =
        new DeviceSetup(
            Devices.profile(slotSize, imageKey),
            vendor,
            ClassId.of(vendor, CLASS),
            Optional.of(Roots.read(file("root.cbor"))));
    VirtualDevice device =
        VirtualDevice.of(setup, Devices.surroundings().with(DemoStory::lookAtItself));
    device.flash().lay(device.setup().boot().primary().start(), Files.read(file(factory)));
    require(
        device.powerOn().outcome() instanceof BootOutcome.Booted, "the device starts " + factory);
    return device;
  }

  /// Version 1.2.0 has a fault that only shows where it runs.
  private static SelfTest.Result lookAtItself(Image running) {
    return running.version().toShortString().equals("1.2.0")
        ? SelfTest.Result.FAILED
        : SelfTest.Result.PASSED;
  }

  private static UdpListener listen(VirtualDevice device) throws IOException {
    return UdpListener.open(
        InetAddress.getLoopbackAddress(), 0, device.setup().smp().bufferCount(), device::receive);
  }

  private static dev.sealift.transport.Target target(String text) {
    try {
      return dev.sealift.transport.Target.parse(text);
    } catch (dev.sealift.bytes.MalformedException e) {
      throw new IllegalStateException("our own target", e);
    }
  }

  private static boolean runs(VirtualDevice device, String version) {
    return device
        .image(Slot.PRIMARY)
        .map(Image::version)
        .map(found -> "%d.%d.%d".formatted(found.major(), found.minor(), found.revision()))
        .equals(Optional.of(version));
  }

  private static Bytes slots(VirtualDevice device) {
    FlashArea primary = device.setup().boot().primary();
    FlashArea secondary = device.setup().boot().secondary();
    return Bytes.concat(
        device.flash().read(primary.start(), primary.size()),
        device.flash().read(secondary.start(), secondary.size()));
  }

  private Path file(String name) {
    return folder.resolve(name);
  }

  private String path(String name) {
    return file(name).toString();
  }
}
