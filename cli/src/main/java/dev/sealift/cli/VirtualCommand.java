// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.boot.BootOutcome;
import dev.sealift.boot.BootResult;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.device.VirtualDevice;
import dev.sealift.image.key.VerifyingKey;
import dev.sealift.permit.Root;
import dev.sealift.transport.Target;
import dev.sealift.transport.UdpListener;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/// Runs a virtual device until it is stopped.
@Command(
    name = "virtual",
    description = "Run a virtual device that speaks SMP over UDP, until Ctrl-C.",
    footer = {
      "",
      "Example: sealift virtual --firmware app-1.0.0.bin --image-key image.pub.pem",
      "           --root root.cbor --vendor acme.example --class sensor-1"
    })
final class VirtualCommand extends Verb {
  @Mixin private Identity identity = new Identity();

  @Option(
      names = "--firmware",
      paramLabel = "FILE",
      required = true,
      description = "the signed image it starts with")
  private @Nullable Path firmware;

  @Option(
      names = "--image-key",
      paramLabel = "FILE",
      required = true,
      description = "public key that its bootloader trusts")
  private @Nullable Path imageKey;

  @Option(
      names = "--root",
      paramLabel = "FILE",
      description = "its root of trust; without one it takes firmware from anybody, as many do")
  private @Nullable Path root;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "1337",
      description = "UDP port on this machine, default 1337; 0 takes a free one")
  private String port = "";

  @Option(
      names = "--slot-size",
      paramLabel = "BYTES",
      defaultValue = "0x60000",
      description = "size of each of its two slots, default 0x60000")
  private String slotSize = "";

  VirtualCommand(Console console) {
    super(console);
  }

  @Override
  Outcome carryOut() {
    Bytes factory = Files.readImage(Given.required(firmware));
    VerifyingKey key = Keys.readPublic(Given.required(imageKey));
    Optional<Root> trusted = Optional.ofNullable(root).map(TrustCommand::readRoot);
    int slot = Numbers.parseInt("--slot-size", slotSize, 0x8000, 0x100_0000) / 4096 * 4096;
    if (factory.size() > slot) {
      throw Failure.refused("the firmware has %d bytes, a slot %d".formatted(factory.size(), slot));
    }
    VirtualDevice device =
        Devices.virtual(slot, key, identity.vendor(), identity.deviceClass(), trusted);
    device.flash().lay(device.setup().boot().primary().start(), factory);
    device.observe(
        event -> {
          if (event instanceof dev.sealift.device.DeviceEvent.Started(var boot, _)) {
            console().say("boot: " + words(boot));
            console().event(CborMap.builder().put("boot", words(boot)).build());
          }
        });
    if (!(device.powerOn().outcome() instanceof BootOutcome.Booted)) {
      throw Failure.refused("the device does not start with this firmware")
          .hint("'sealift image verify --key KEY FILE' says more");
    }
    if (trusted.isEmpty()) {
      console().say("no root of trust: this device takes firmware from anybody who reaches it");
    }
    try (UdpListener listener =
        UdpListener.open(
            InetAddress.getLoopbackAddress(),
            Numbers.parseInt("--port", port, 0, 0xffff),
            device.setup().smp().bufferCount(),
            device::receive)) {
      Target target = listener.target();
      console().say("listening at " + target + " (Ctrl-C ends it)");
      console().event(CborMap.builder().put("target", target.toString()).build());
      // Ends with the process.
      new CountDownLatch(1).await();
      return Outcome.done("", CborMap.EMPTY);
    } catch (IOException e) {
      throw Failure.world(Files.reason(e));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted", e);
    }
  }

  static String words(BootResult boot) {
    String refused =
        boot.refused().map(why -> "; the other image was refused: " + why.words()).orElse("");
    return switch (boot.outcome()) {
          case BootOutcome.Booted(_, var version) ->
              "version %s starts%s"
                  .formatted(
                      version.toShortString(),
                      boot.taken()
                          .map(
                              type ->
                                  switch (type) {
                                    case TEST -> " on trial, after a swap";
                                    case PERM -> " for good, after a swap";
                                    case REVERT -> " again, the image on trial was reverted";
                                    case NONE, FAIL, PANIC -> "";
                                  })
                          .orElse(""));
          case BootOutcome.Refused(var reason) -> "nothing starts: " + reason.words();
          case BootOutcome.Halted(var why) -> "the bootloader stopped: " + why;
          case BootOutcome.PowerLost() -> "the power failed";
        }
        + refused;
  }
}
