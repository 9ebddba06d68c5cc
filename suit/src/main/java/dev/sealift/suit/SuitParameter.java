// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborBool;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborList;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborTag;
import dev.sealift.bytes.cbor.CborText;
import java.math.BigInteger;

/// One parameter of a component, as a command sets it and conditions and directives use it.
public sealed interface SuitParameter {
  /// Labels at or below this one are free for private use.
  long CUSTOM_LABEL_MAX = -257;

  /// `id` is 16 bytes, or a private enterprise number in a tag of its own.
  record VendorId(Bytes id) implements SuitParameter {
    public VendorId {
      requireUuid(id);
    }
  }

  record VendorPen(Bytes enterpriseNumber) implements SuitParameter {
    static final int TAG = 112;
  }

  record ClassId(Bytes id) implements SuitParameter {
    public ClassId {
      requireUuid(id);
    }
  }

  record ImageDigest(SuitDigest digest) implements SuitParameter {}

  /// Seconds since 1970, up to 64 bits unsigned.
  record UseBefore(BigInteger seconds) implements SuitParameter {}

  record ComponentSlot(long slot) implements SuitParameter {}

  record StrictOrder(Setting setting) implements SuitParameter {}

  record SoftFailure(Setting setting) implements SuitParameter {}

  record ImageSize(long bytes) implements SuitParameter {}

  record Content(Bytes bytes) implements SuitParameter {}

  /// A COSE_Encrypt, still closed.
  record EncryptionInfo(Bytes coseEncrypt) implements SuitParameter {}

  record Uri(String uri) implements SuitParameter {}

  record SourceComponent(long index) implements SuitParameter {}

  record InvokeArguments(Bytes bytes) implements SuitParameter {}

  record DeviceId(Bytes id) implements SuitParameter {
    public DeviceId {
      requireUuid(id);
    }
  }

  record FetchArguments(Bytes bytes) implements SuitParameter {}

  record MinimumBattery(long milliwattHours) implements SuitParameter {}

  /// Smaller is more urgent.
  record Priority(long priority) implements SuitParameter {}

  record VersionMatch(Comparison comparison, SuitVersion version) implements SuitParameter {}

  /// A map of events, all of which must hold.
  record WaitInfo(CborMap events) implements SuitParameter {}

  record ComponentMetadata(CborMap metadata) implements SuitParameter {}

  record Custom(long label, CborItem value) implements SuitParameter {
    public Custom {
      if (label > CUSTOM_LABEL_MAX) {
        throw new IllegalArgumentException("no private label: " + label);
      }
    }
  }

  enum Setting {
    OFF,
    ON
  }

  enum Comparison {
    GREATER(1),
    GREATER_OR_EQUAL(2),
    EQUAL(3),
    LESS_OR_EQUAL(4),
    LESS(5);

    private final int id;

    Comparison(int id) {
      this.id = id;
    }

    public int id() {
      return id;
    }
  }

  default long label() {
    return switch (this) {
      case VendorId _, VendorPen _ -> ParameterLabel.VENDOR_ID;
      case ClassId _ -> ParameterLabel.CLASS_ID;
      case ImageDigest _ -> ParameterLabel.IMAGE_DIGEST;
      case UseBefore _ -> ParameterLabel.USE_BEFORE;
      case ComponentSlot _ -> ParameterLabel.COMPONENT_SLOT;
      case StrictOrder _ -> ParameterLabel.STRICT_ORDER;
      case SoftFailure _ -> ParameterLabel.SOFT_FAILURE;
      case ImageSize _ -> ParameterLabel.IMAGE_SIZE;
      case Content _ -> ParameterLabel.CONTENT;
      case EncryptionInfo _ -> ParameterLabel.ENCRYPTION_INFO;
      case Uri _ -> ParameterLabel.URI;
      case SourceComponent _ -> ParameterLabel.SOURCE_COMPONENT;
      case InvokeArguments _ -> ParameterLabel.INVOKE_ARGUMENTS;
      case DeviceId _ -> ParameterLabel.DEVICE_ID;
      case FetchArguments _ -> ParameterLabel.FETCH_ARGUMENTS;
      case MinimumBattery _ -> ParameterLabel.MINIMUM_BATTERY;
      case Priority _ -> ParameterLabel.PRIORITY;
      case VersionMatch _ -> ParameterLabel.VERSION;
      case WaitInfo _ -> ParameterLabel.WAIT_INFO;
      case ComponentMetadata _ -> ParameterLabel.COMPONENT_METADATA;
      case Custom(var label, _) -> label;
    };
  }

  default CborItem value() {
    return switch (this) {
      case VendorId(var id) -> new CborBytes(id);
      case VendorPen(var number) -> new CborTag(VendorPen.TAG, new CborBytes(number));
      case ClassId(var id) -> new CborBytes(id);
      case ImageDigest(var digest) -> new CborBytes(digest.encode());
      case UseBefore(var seconds) -> new CborInt(seconds);
      case ComponentSlot(var slot) -> CborInt.of(slot);
      case StrictOrder(var setting) -> new CborBool(setting == Setting.ON);
      case SoftFailure(var setting) -> new CborBool(setting == Setting.ON);
      case ImageSize(var bytes) -> CborInt.of(bytes);
      case Content(var bytes) -> new CborBytes(bytes);
      case EncryptionInfo(var info) -> new CborBytes(info);
      case Uri(var uri) -> new CborText(uri);
      case SourceComponent(var index) -> CborInt.of(index);
      case InvokeArguments(var bytes) -> new CborBytes(bytes);
      case DeviceId(var id) -> new CborBytes(id);
      case FetchArguments(var bytes) -> new CborBytes(bytes);
      case MinimumBattery(var energy) -> CborInt.of(energy);
      case Priority(var priority) -> CborInt.of(priority);
      case VersionMatch(var comparison, var version) ->
          new CborBytes(
              Cbor.deterministic(CborList.of(CborInt.of(comparison.id()), version.toCbor())));
      case WaitInfo(var events) -> new CborBytes(Cbor.deterministic(events));
      case ComponentMetadata(var metadata) -> new CborBytes(Cbor.deterministic(metadata));
      case Custom(_, var value) -> value;
    };
  }

  private static void requireUuid(Bytes id) {
    if (id.size() != ParameterLabel.UUID_BYTES) {
      throw new IllegalArgumentException("an id has 16 bytes, not " + id.size());
    }
  }
}
