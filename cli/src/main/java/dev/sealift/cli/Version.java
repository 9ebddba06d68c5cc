// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

/// The version of the program, from the manifest of its jar.
final class Version {
  private Version() {}

  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "sealift " + (version == null ? "(not packaged)" : version);
  }
}
