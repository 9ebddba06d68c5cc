// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import picocli.CommandLine;

/// The version of the program, from the manifest of its jar.
final class Version implements CommandLine.IVersionProvider {
  static String text() {
    String version = Version.class.getPackage().getImplementationVersion();
    return "sealift " + (version == null ? "(not packaged)" : version);
  }

  @Override
  public String[] getVersion() {
    return new String[] {text()};
  }
}
