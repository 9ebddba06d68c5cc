// SPDX-License-Identifier: Apache-2.0
package dev.sealift.suit;

/// Labels of the IANA registry "SUIT Parameters".
final class ParameterLabel {
  static final int VENDOR_ID = 1;
  static final int CLASS_ID = 2;
  static final int IMAGE_DIGEST = 3;
  static final int USE_BEFORE = 4;
  static final int COMPONENT_SLOT = 5;
  static final int STRICT_ORDER = 12;
  static final int SOFT_FAILURE = 13;
  static final int IMAGE_SIZE = 14;
  static final int CONTENT = 18;
  static final int ENCRYPTION_INFO = 19;
  static final int URI = 21;
  static final int SOURCE_COMPONENT = 22;
  static final int INVOKE_ARGUMENTS = 23;
  static final int DEVICE_ID = 24;
  static final int FETCH_ARGUMENTS = 25;
  static final int MINIMUM_BATTERY = 26;
  static final int PRIORITY = 27;
  static final int VERSION = 28;
  static final int WAIT_INFO = 29;
  static final int COMPONENT_METADATA = 30;

  /// Vendor, class and device ids are UUIDs.
  static final int UUID_BYTES = 16;

  private ParameterLabel() {}
}
