// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.MalformedException;
import dev.sealift.image.Dependency;
import dev.sealift.image.Expectation;
import dev.sealift.image.Expectation.AddressRange;
import dev.sealift.image.ImageUuid;
import dev.sealift.image.ImageVersion;
import dev.sealift.image.encryption.ContentKeySize;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// What else a person knows of the device that an image is for, beside slot, version and counter.
final class ImageExpectations {
  private static final long ADDRESS_MAX = 0xffff_ffffL;
  private final List<String> images = new ArrayList<>();
  private String vendor = "";
  private String deviceClass = "";
  private String slotAddress = "";
  private String ram = "";
  private String resetIn = "";
  private String contentKeyBits = "";

  void declare(Options options) {
    options.values(
        "--has",
        "IMAGE:VERSION",
        "an image the device has, for dependencies; may be repeated",
        value -> images.add(value));
    options.value(
        "--vid",
        "NAME|UUID",
        "refuse an image that does not name this vendor",
        value -> vendor = value);
    options.value(
        "--cid",
        "NAME|UUID",
        "refuse an image that does not name this class",
        value -> deviceClass = value);
    options.value(
        "--slot-address",
        "ADDRESS",
        "where the slot is, for images that run at one address only",
        value -> slotAddress = value);
    options.value(
        "--ram",
        "START:SIZE",
        "the image is loaded to RAM, and must lie in this range",
        value -> ram = value);
    options.value(
        "--reset-in",
        "START:SIZE",
        "the reset vector of a Cortex-M must point into this range",
        value -> resetIn = value);
    options.value(
        "--content-key-bits",
        "BITS",
        "size of content keys the bootloader was built for: 128 or 256",
        value -> contentKeyBits = value);
  }

  List<Expectation> expectations() {
    List<Expectation> expected = new ArrayList<>();
    if (!images.isEmpty()) {
      expected.add(new Expectation.ImagesPresent(versions()));
    }
    try {
      if (!vendor.isEmpty()) {
        expected.add(new Expectation.VendorIs(ImageUuid.vendor(vendor)));
      }
      if (!deviceClass.isEmpty()) {
        expected.add(
            new Expectation.DeviceClassIs(ProtectedOptions.deviceClass(vendor, deviceClass)));
      }
    } catch (MalformedException e) {
      throw Failure.usage("--vid, --cid: " + e.getMessage());
    }
    if (!slotAddress.isEmpty()) {
      expected.add(
          new Expectation.RunsAt(Numbers.parse("--slot-address", slotAddress, 0, ADDRESS_MAX)));
    }
    if (!ram.isEmpty()) {
      expected.add(new Expectation.LoadsWithin(range("--ram", ram)));
    }
    if (!resetIn.isEmpty()) {
      expected.add(new Expectation.ResetsWithin(range("--reset-in", resetIn)));
    }
    if (!contentKeyBits.isEmpty()) {
      expected.add(
          new Expectation.ContentKeyIs(
              switch (contentKeyBits) {
                case "128" -> ContentKeySize.AES_128;
                case "256" -> ContentKeySize.AES_256;
                default ->
                    throw Failure.usage(
                        "--content-key-bits is 128 or 256, not '" + contentKeyBits + "'");
              }));
    }
    return expected;
  }

  private Map<Integer, ImageVersion> versions() {
    Map<Integer, ImageVersion> versions = new HashMap<>();
    for (String image : images) {
      Dependency there = ProtectedOptions.imageAndVersion("--has", image);
      versions.put(there.imageNumber(), there.minimum());
    }
    return versions;
  }

  private static AddressRange range(String option, String text) {
    int colon = text.indexOf(':');
    if (colon < 1) {
      throw Failure.usage("%s is START:SIZE, not '%s'".formatted(option, text));
    }
    try {
      return new AddressRange(
          Numbers.parse(option, text.substring(0, colon), 0, ADDRESS_MAX),
          Numbers.parse(option, text.substring(colon + 1), 1, ADDRESS_MAX));
    } catch (IllegalArgumentException e) {
      throw Failure.usage(option + ": " + e.getMessage());
    }
  }
}
