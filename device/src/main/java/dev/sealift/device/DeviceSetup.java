// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.DeviceProfile;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.Mode;
import dev.sealift.permit.ClassId;
import dev.sealift.permit.DeploymentId;
import dev.sealift.permit.DeviceFacts.Carrying;
import dev.sealift.permit.DeviceFacts.Identity;
import dev.sealift.permit.DeviceId;
import dev.sealift.permit.Root;
import dev.sealift.permit.VendorId;
import dev.sealift.smp.BootMode;
import dev.sealift.smp.Os;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.server.SystemFacts;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

/// What a device is made of. Without a root it has no agent and behaves as an ordinary Zephyr
/// device; with one its profile has room for what the agent remembers, and its bootloader has no
/// recovery, which no agent guards.
public record DeviceSetup(
    DeviceProfile profile,
    Identity identity,
    Optional<Root> root,
    Carrying carrying,
    Firmware firmware) {
  /// Fixed figures, such as an idle Zephyr shows: stacks in words of four bytes.
  private static final Map<String, Os.Task> TASKS = tasks();

  private static final Map<String, Os.Pool> POOLS = pools();

  public DeviceSetup {
    if (root.isPresent()) {
      if (firmware.recovery() != Firmware.Recovery.NONE) {
        throw new IllegalArgumentException(
            "serial recovery would write past the agent: build one without the other");
      }
      int needed = TrustStore.sizeNeeded(profile.boot().flash());
      int size = profile.storage().map(FlashArea::size).orElse(0);
      if (size < needed) {
        throw new IllegalArgumentException(
            "the agent needs %d bytes of storage, there are %d".formatted(needed, size));
      }
    }
  }

  /// A device with serial number 1, in no deployment, that carries nothing for others.
  public DeviceSetup(
      DeviceProfile profile, VendorId vendor, ClassId deviceClass, Optional<Root> root) {
    this(
        profile,
        new Identity(
            vendor, deviceClass, DeviceId.of(vendor, "1"), OptionalLong.of(1), Optional.empty()),
        root,
        Carrying.NEVER,
        Firmware.ZEPHYR);
  }

  /// The same device with that serial number.
  public DeviceSetup numbered(long serial) {
    return with(
        new Identity(
            identity.vendor(),
            identity.deviceClass(),
            DeviceId.of(identity.vendor(), Long.toString(serial)),
            OptionalLong.of(serial),
            identity.deployment()));
  }

  /// The same device in an operator's hands.
  public DeviceSetup deployed(DeploymentId deployment) {
    return with(
        new Identity(
            identity.vendor(),
            identity.deviceClass(),
            identity.device(),
            identity.serial(),
            Optional.of(deployment)));
  }

  public DeviceSetup with(Identity other) {
    return new DeviceSetup(profile, other, root, carrying, firmware);
  }

  public DeviceSetup with(Carrying other) {
    return new DeviceSetup(profile, identity, root, other, firmware);
  }

  public DeviceSetup with(Firmware other) {
    return new DeviceSetup(profile, identity, root, carrying, other);
  }

  public VendorId vendor() {
    return identity.vendor();
  }

  public ClassId deviceClass() {
    return identity.deviceClass();
  }

  public BootConfig boot() {
    return profile.boot();
  }

  /// Where the agent keeps what it remembers.
  public FlashArea storage() {
    return profile
        .storage()
        .orElseThrow(() -> new IllegalStateException("a device without storage has no agent"));
  }

  /// The buffers of its SMP server.
  public SmpServer.Setup smp() {
    return new SmpServer.Setup(profile.smp().size(), profile.smp().count(), firmware.mood());
  }

  /// What its SMP server says of itself.
  public SystemFacts facts() {
    return SystemFacts.of(SystemFacts.Info.of("Zephyr (virtual)"), bootMode())
        .with(() -> TASKS, () -> POOLS);
  }

  private BootMode bootMode() {
    return switch (boot().mode()) {
      case Mode.SingleSlot _ -> BootMode.SINGLE_SLOT;
      case Mode.SwapScratch _ -> BootMode.SWAP_SCRATCH;
      case Mode.Overwrite _ -> BootMode.OVERWRITE;
      case Mode.SwapMove _ -> BootMode.SWAP_MOVE;
      case Mode.DirectXip(var retreat) ->
          retreat == Mode.Retreat.NONE ? BootMode.DIRECT_XIP : BootMode.DIRECT_XIP_REVERT;
      case Mode.RamLoad _ -> BootMode.RAM_LOAD;
      case Mode.SwapOffset _ -> BootMode.SWAP_OFFSET;
    };
  }

  private static Map<String, Os.Task> tasks() {
    Map<String, Os.Task> tasks = new LinkedHashMap<>();
    tasks.put("main", task(1, 0, 98, 512));
    tasks.put("mcumgr smp", task(3, 1, 233, 768));
    tasks.put("idle", task(15, 2, 17, 80));
    return tasks;
  }

  private static Os.Task task(long priority, long id, long stackUsed, long stackSize) {
    return new Os.Task(
        Optional.of(priority),
        Optional.of(id),
        Optional.of(0L),
        Optional.of(stackUsed),
        Optional.of(stackSize),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty());
  }

  private static Map<String, Os.Pool> pools() {
    return Map.of(
        "net_buf",
        new Os.Pool(Optional.of(128L), Optional.of(16L), Optional.of(14L), Optional.of(9L)));
  }
}
