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

/// The agent's memory in flash: the state's two alternating records, and the bundles of what is
/// installed and of what is being taken, each in sectors of its own.
///
/// ```
/// record | record | length u16, bundle installed | length u16, bundle staged
/// ```
///
/// A bundle carries its own signatures and is judged again when it is read, so a torn one is merely
/// gone. It is written before the state that names it.
final class TrustStore {
  private static final int LENGTH_SIZE = 2;

  /// Whose bundle.
  enum Shelf {
    INSTALLED,
    STAGED
  }

  private final Flash flash;
  private final FlashArea area;

  TrustStore(Flash flash, FlashArea area) {
    this.flash = flash;
    this.area = area;
  }

  static int sizeNeeded(FlashGeometry geometry) {
    return 2 * recordSize(geometry) + Shelf.values().length * shelfSize(geometry);
  }

  private static int recordSize(FlashGeometry geometry) {
    return wholeSectors(StateRecords.RECORD_BYTES, geometry);
  }

  private static int shelfSize(FlashGeometry geometry) {
    return wholeSectors(LENGTH_SIZE + Bundle.BYTES_MAX, geometry);
  }

  private static int wholeSectors(int bytes, FlashGeometry geometry) {
    return Math.ceilDiv(bytes, geometry.sectorSize()) * geometry.sectorSize();
  }

  StateRecords.Found state() {
    return StateRecords.read(
        flash.read(address(StateRecords.Place.FIRST), StateRecords.RECORD_BYTES),
        flash.read(address(StateRecords.Place.SECOND), StateRecords.RECORD_BYTES));
  }

  void write(TrustState state) {
    StateRecords.Write write = StateRecords.next(state(), state);
    if (write.record().size() > StateRecords.RECORD_BYTES) {
      throw new IllegalStateException("a record of " + write.record().size() + " bytes");
    }
    erase(address(write.place()), recordSize(flash.geometry()));
    flash.program(address(write.place()), padded(write.record()));
  }

  /// What lies where the bundle is kept, if it has a length that can be.
  Optional<Bytes> bundle(Shelf shelf) {
    Bytes raw = flash.read(address(shelf), LENGTH_SIZE + Bundle.BYTES_MAX);
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

  void write(Shelf shelf, Bytes bundle) {
    erase(address(shelf), shelfSize(flash.geometry()));
    flash.program(
        address(shelf),
        padded(new ByteWriter(ByteOrder.LITTLE_ENDIAN).u16(bundle.size()).bytes(bundle).toBytes()));
  }

  private void erase(int from, int size) {
    int sector = flash.geometry().sectorSize();
    for (int at = from; at < from + size; at += sector) {
      if (!flash.read(at, sector).isFilledWith(flash.geometry().erasedValue())) {
        flash.eraseSector(at);
      }
    }
  }

  private int address(StateRecords.Place place) {
    return switch (place) {
      case FIRST -> area.start();
      case SECOND -> area.start() + recordSize(flash.geometry());
    };
  }

  private int address(Shelf shelf) {
    int shelves = area.start() + 2 * recordSize(flash.geometry());
    return switch (shelf) {
      case INSTALLED -> shelves;
      case STAGED -> shelves + shelfSize(flash.geometry());
    };
  }

  private Bytes padded(Bytes data) {
    int align = flash.geometry().writeAlign();
    int size = Math.ceilDiv(data.size(), align) * align;
    return data.plus(Bytes.filled(size - data.size(), flash.geometry().erasedValue()));
  }
}
