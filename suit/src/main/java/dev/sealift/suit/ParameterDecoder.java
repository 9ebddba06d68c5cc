// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborTag;
import dev.sealift.bytes.cbor.CborText;
import java.math.BigInteger;
import java.util.Arrays;

/// Label and item to [SuitParameter], each with its type and range.
final class ParameterDecoder {
  private ParameterDecoder() {}

  static SuitParameter fromCbor(long label, CborItem item)
      throws MalformedException, RefusedException {
    if (label <= SuitParameter.CUSTOM_LABEL_MAX) {
      return new SuitParameter.Custom(label, item);
    }
    return switch (Math.clamp(label, -1, Integer.MAX_VALUE)) {
      case ParameterLabel.VENDOR_ID ->
          item instanceof CborTag(var tag, var number) && tag == SuitParameter.VendorPen.TAG
              ? new SuitParameter.VendorPen(bytes(number, "vendor id"))
              : new SuitParameter.VendorId(uuid(item, "vendor id"));
      case ParameterLabel.CLASS_ID -> new SuitParameter.ClassId(uuid(item, "class id"));
      case ParameterLabel.IMAGE_DIGEST ->
          new SuitParameter.ImageDigest(
              SuitDigest.fromCbor(Cbor.strict(bytes(item, "image digest"))));
      case ParameterLabel.USE_BEFORE -> new SuitParameter.UseBefore(unsigned64(item, "use before"));
      case ParameterLabel.COMPONENT_SLOT ->
          new SuitParameter.ComponentSlot(unsigned(item, "component slot"));
      case ParameterLabel.STRICT_ORDER ->
          new SuitParameter.StrictOrder(setting(item, "strict order"));
      case ParameterLabel.SOFT_FAILURE ->
          new SuitParameter.SoftFailure(setting(item, "soft failure"));
      case ParameterLabel.IMAGE_SIZE -> new SuitParameter.ImageSize(unsigned(item, "image size"));
      case ParameterLabel.CONTENT -> new SuitParameter.Content(bytes(item, "content"));
      case ParameterLabel.ENCRYPTION_INFO ->
          new SuitParameter.EncryptionInfo(bytes(item, "encryption info"));
      case ParameterLabel.URI ->
          new SuitParameter.Uri(CborFields.expect(item, CborText.class, "URI").value());
      case ParameterLabel.SOURCE_COMPONENT ->
          new SuitParameter.SourceComponent(unsigned(item, "source component"));
      case ParameterLabel.INVOKE_ARGUMENTS ->
          new SuitParameter.InvokeArguments(bytes(item, "invoke arguments"));
      case ParameterLabel.DEVICE_ID -> new SuitParameter.DeviceId(uuid(item, "device id"));
      case ParameterLabel.FETCH_ARGUMENTS ->
          new SuitParameter.FetchArguments(bytes(item, "fetch arguments"));
      case ParameterLabel.MINIMUM_BATTERY ->
          new SuitParameter.MinimumBattery(unsigned(item, "minimum battery"));
      case ParameterLabel.PRIORITY ->
          new SuitParameter.Priority(
              CborFields.toLong(CborFields.expect(item, CborInt.class, "priority"), "priority"));
      case ParameterLabel.VERSION -> version(Cbor.strict(bytes(item, "version")));
      case ParameterLabel.WAIT_INFO -> new SuitParameter.WaitInfo(map(item, "wait info"));
      case ParameterLabel.COMPONENT_METADATA ->
          new SuitParameter.ComponentMetadata(map(item, "component metadata"));
      default -> throw RefusedException.unsupported("parameter " + label + " is not known");
    };
  }

  private static SuitParameter version(CborItem item) throws MalformedException, RefusedException {
    CborList list = CborFields.expect(item, CborList.class, "version match");
    if (list.size() != 2) {
      throw new MalformedException("version match of " + list.size() + " parts", 0);
    }
    long id = unsigned(list.get(0), "version comparison");
    SuitParameter.Comparison comparison =
        Arrays.stream(SuitParameter.Comparison.values())
            .filter(known -> known.id() == id)
            .findFirst()
            .orElseThrow(
                () -> RefusedException.unsupported("version comparison " + id + " is not known"));
    return new SuitParameter.VersionMatch(comparison, SuitVersion.fromCbor(list.get(1)));
  }

  private static Bytes bytes(CborItem item, String what) throws MalformedException {
    return CborFields.expect(item, CborBytes.class, what).value();
  }

  private static Bytes uuid(CborItem item, String what) throws MalformedException {
    Bytes id = bytes(item, what);
    if (id.size() != ParameterLabel.UUID_BYTES) {
      throw new MalformedException(
          "%s of %d bytes, expected %d".formatted(what, id.size(), ParameterLabel.UUID_BYTES), 0);
    }
    return id;
  }

  private static SuitParameter.Setting setting(CborItem item, String what)
      throws MalformedException {
    return CborFields.expect(item, CborBool.class, what).value()
        ? SuitParameter.Setting.ON
        : SuitParameter.Setting.OFF;
  }

  private static CborMap map(CborItem item, String what) throws MalformedException {
    return CborFields.expect(Cbor.strict(bytes(item, what)), CborMap.class, what);
  }

  private static long unsigned(CborItem item, String what) throws MalformedException {
    BigInteger value = unsigned64(item, what);
    if (value.bitLength() > 63) {
      throw new MalformedException(what + " beyond 2^63-1: " + value, 0);
    }
    return value.longValueExact();
  }

  private static BigInteger unsigned64(CborItem item, String what) throws MalformedException {
    BigInteger value = CborFields.expect(item, CborInt.class, what).value();
    if (value.signum() < 0) {
      throw new MalformedException(what + " is negative: " + value, 0);
    }
    return value;
  }
}
