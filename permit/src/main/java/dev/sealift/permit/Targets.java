// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;

/// Which devices of a deployment are meant.
public sealed interface Targets {
  /// `[0]`
  record All() implements Targets {
    @Override
    public Fraction fraction() {
      return Fraction.WHOLE;
    }

    @Override
    public boolean include(DeviceId device, OptionalLong serial) {
      return true;
    }

    @Override
    public CborItem toCbor() {
      return CborList.of(CborInt.of(ALL));
    }

    @Override
    public String toString() {
      return "all devices";
    }
  }

  /// `[1, [+ bstr]]`: the first 8 bytes of each device's id.
  record Listed(List<Bytes> devices) implements Targets {
    public Listed {
      devices = List.copyOf(devices);
      if (devices.isEmpty() || devices.size() > LISTED_MAX) {
        throw new IllegalArgumentException(
            "a list of %d devices, not 1 to %d".formatted(devices.size(), LISTED_MAX));
      }
      for (Bytes device : devices) {
        if (device.size() != SHORT_ID_BYTES) {
          throw new IllegalArgumentException(
              "a device is listed by %d bytes, not %d".formatted(SHORT_ID_BYTES, device.size()));
        }
      }
    }

    public static Listed of(List<DeviceId> devices) {
      return new Listed(devices.stream().map(id -> id.bytes().first(SHORT_ID_BYTES)).toList());
    }

    /// So few that they count as no part of the fleet.
    @Override
    public Fraction fraction() {
      return Fraction.NONE;
    }

    @Override
    public boolean include(DeviceId device, OptionalLong serial) {
      return devices.contains(device.bytes().first(SHORT_ID_BYTES));
    }

    @Override
    public CborItem toCbor() {
      return CborList.of(
          CborInt.of(LISTED),
          new CborList(devices.stream().<CborItem>map(CborBytes::new).toList()));
    }

    @Override
    public String toString() {
      return devices.size() == 1 ? "1 listed device" : devices.size() + " listed devices";
    }
  }

  /// `[2, salt, numerator, denominator]`: a device is in when the first 8 bytes of
  /// SHA-256(salt ‖ device id), read as a fraction of 2^64, lie below it. With one salt a larger
  /// fraction contains every smaller one.
  record Sample(Bytes salt, Fraction fraction) implements Targets {
    public Sample {
      if (salt.isEmpty() || salt.size() > SALT_BYTES_MAX) {
        throw new IllegalArgumentException(
            "a salt of %d bytes, not 1 to %d".formatted(salt.size(), SALT_BYTES_MAX));
      }
    }

    @Override
    public boolean include(DeviceId device, OptionalLong serial) {
      BigInteger draw = new BigInteger(1, salt.plus(device.bytes()).sha256().first(8).toArray());
      return draw.multiply(BigInteger.valueOf(fraction.denominator()))
              .compareTo(BigInteger.valueOf(fraction.numerator()).shiftLeft(64))
          < 0;
    }

    @Override
    public CborItem toCbor() {
      return CborList.of(
          CborInt.of(SAMPLE),
          new CborBytes(salt),
          CborInt.of(fraction.numerator()),
          CborInt.of(fraction.denominator()));
    }

    @Override
    public String toString() {
      return "a sample of " + fraction;
    }
  }

  /// `[3, low, high]`: serial numbers, both included.
  record Serials(long low, long high) implements Targets {
    public Serials {
      if (low < 0 || high < low) {
        throw new IllegalArgumentException("serial numbers %d to %d".formatted(low, high));
      }
    }

    /// Nobody can say how many devices a range holds, so it counts as all.
    @Override
    public Fraction fraction() {
      return Fraction.WHOLE;
    }

    @Override
    public boolean include(DeviceId device, OptionalLong serial) {
      return serial.isPresent() && low <= serial.getAsLong() && serial.getAsLong() <= high;
    }

    @Override
    public CborItem toCbor() {
      return CborList.of(CborInt.of(SERIALS), CborInt.of(low), CborInt.of(high));
    }

    @Override
    public String toString() {
      return "serial numbers %d to %d".formatted(low, high);
    }
  }

  int LISTED_MAX = 256;
  int SHORT_ID_BYTES = 8;
  int SALT_BYTES_MAX = 16;

  int ALL = 0;
  int LISTED = 1;
  int SAMPLE = 2;
  int SERIALS = 3;

  /// What part of the deployment, as far as it can be told beforehand.
  Fraction fraction();

  boolean include(DeviceId device, OptionalLong serial);

  CborItem toCbor();

  static Targets fromCbor(CborItem item) throws MalformedException {
    List<CborItem> parts = CborFields.expect(item, CborList.class, "targets").items();
    if (parts.isEmpty()) {
      throw new MalformedException("targets of nothing", 0);
    }
    long form = number(parts.getFirst());
    try {
      if (form == ALL && parts.size() == 1) {
        return new All();
      }
      if (form == LISTED && parts.size() == 2) {
        List<Bytes> devices = new ArrayList<>();
        for (CborItem device : CborFields.expect(parts.get(1), CborList.class, "list").items()) {
          devices.add(CborFields.expect(device, CborBytes.class, "device").value());
        }
        return new Listed(devices);
      }
      if (form == SAMPLE && parts.size() == 4) {
        return new Sample(
            CborFields.expect(parts.get(1), CborBytes.class, "salt").value(),
            new Fraction(number(parts.get(2)), number(parts.get(3))));
      }
      if (form == SERIALS && parts.size() == 3) {
        return new Serials(number(parts.get(1)), number(parts.get(2)));
      }
    } catch (IllegalArgumentException e) {
      throw new MalformedException("targets: " + e.getMessage(), 0, e);
    }
    throw new MalformedException(
        "targets of form %d with %d parts".formatted(form, parts.size()), 0);
  }

  private static long number(CborItem item) throws MalformedException {
    return CborFields.toLong(CborFields.expect(item, CborInt.class, "target"), "target");
  }
}
