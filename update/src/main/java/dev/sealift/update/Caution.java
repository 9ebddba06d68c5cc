// SPDX-License-Identifier: Apache-2.0
package dev.sealift.update;

import dev.sealift.boot.BootConfig;
import dev.sealift.boot.Hazard;
import dev.sealift.boot.Hazard.Severity;
import dev.sealift.boot.Hazards;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/// What is to be feared of an update from the device's own bootloader. Nothing is known without a
/// profile of the device: it tells its mode over SMP, but not its sectors.
public record Caution(List<Hazard> hazards, Veto veto) {
  /// Whether a fatal hazard ends the update before it begins.
  public enum Veto {
    STANDS,
    /// Somebody knows better, or wants to see it happen.
    OVERRULED
  }

  /// Nothing is known of the bootloader.
  public static final Caution NONE = new Caution(List.of(), Veto.STANDS);

  public Caution {
    hazards = List.copyOf(hazards);
  }

  /// `running` is the size of the running image with its TLVs, in bytes, where that is known.
  public static Caution of(BootConfig bootloader, UpdateMaterial material, OptionalLong running) {
    return new Caution(new Hazards(bootloader).of(material.image(), running), Veto.STANDS);
  }

  public Caution overruled() {
    return new Caution(hazards, Veto.OVERRULED);
  }

  /// The fatal hazard that ends the update.
  Optional<Hazard> fatal() {
    return veto == Veto.OVERRULED
        ? Optional.empty()
        : hazards.stream().filter(hazard -> hazard.severity() == Severity.BRICKS).findFirst();
  }
}
