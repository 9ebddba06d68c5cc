// SPDX-License-Identifier: Apache-2.0
package dev.sealift.device;

import dev.sealift.boot.Flash;
import dev.sealift.boot.FlashArea;
import dev.sealift.boot.FlashGeometry;
import dev.sealift.bytes.ByteReader;
import dev.sealift.bytes.ByteWriter;
import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.permit.Bundle;
import dev.sealift.permit.StateRecords;
import dev.sealift.permit.TrustState;
import java.nio.ByteOrder;
import java.util.Optional;

/// The agent's memory in flash: two sectors for the state's alternating records, then the bundle
/// that was accepted last.
///
/// ```
/// record | record | length u16, bundle
/// ```
///
/// The bundle carries its own signatures and is judged again when it is read, so a torn one is
/// merely gone. It is written before the state that names it.
final class TrustStore {
  private static final int LENGTH_SIZE = 2;

  private final Flash flash;
  private final FlashArea area;

  TrustStore(Flash flash, FlashArea area) {
    this.flash = flash;
    this.area = area;
  }

  static int sizeNeeded(FlashGeometry geometry) {
    int sector = geometry.sectorSize();
    if (sector < StateRecords.RECORD_BYTES) {
      throw new IllegalArgumentException(
          "a record needs %d bytes, a sector has %d".formatted(StateRecords.RECORD_BYTES, sector));
    }
    return 2 * sector + bundleSize(geometry);
  }

  private static int bundleSize(FlashGeometry geometry) {
    int sector = geometry.sectorSize();
    return Math.ceilDiv(LENGTH_SIZE + Bundle.BYTES_MAX, sector) * sector;
  }

  StateRecords.Found state() {
    return StateRecords.read(
        flash.read(address(StateRecords.Place.FIRST), StateRecords.RECORD_BYTES),
        flash.read(address(StateRecords.Place.SECOND), StateRecords.RECORD_BYTES));
  }

  void write(TrustState state) {
    StateRecords.Write write = StateRecords.next(state(), state);
    int at = address(write.place());
    flash.eraseSector(at);
    flash.program(at, padded(write.record()));
  }

  /// What lies where the bundle is kept, if it has a length that can be.
  Optional<Bytes> bundle() {
    Bytes raw = flash.read(bundleAddress(), LENGTH_SIZE + Bundle.BYTES_MAX);
    ByteReader in = new ByteReader(raw, ByteOrder.LITTLE_ENDIAN);
    try {
      int length = in.u16("bundle length");
      return length == 0 || length > Bundle.BYTES_MAX
          ? Optional.empty()
          : Optional.of(in.take(length, "bundle"));
    } catch (MalformedException e) {
      throw new IllegalStateException("the bundle's place is shorter than a bundle", e);
    }
  }

  void write(Bytes bundle) {
    int sector = flash.geometry().sectorSize();
    for (int at = 0; at < bundleSize(flash.geometry()); at += sector) {
      flash.eraseSector(bundleAddress() + at);
    }
    flash.program(
        bundleAddress(),
        padded(new ByteWriter(ByteOrder.LITTLE_ENDIAN).u16(bundle.size()).bytes(bundle).toBytes()));
  }

  private int address(StateRecords.Place place) {
    return switch (place) {
      case FIRST -> area.start();
      case SECOND -> area.start() + flash.geometry().sectorSize();
    };
  }

  private int bundleAddress() {
    return area.start() + 2 * flash.geometry().sectorSize();
  }

  private Bytes padded(Bytes data) {
    int align = flash.geometry().writeAlign();
    int size = Math.ceilDiv(data.size(), align) * align;
    return data.plus(Bytes.filled(size - data.size(), flash.geometry().erasedValue()));
  }
}
