// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import picocli.CommandLine.Command;

/// Stands for the drop-in where commands are listed. [DropIn] comes before picocli is read.
@Command(
    name = DropIn.NAME,
    description = "Sign, verify and show images with the options of MCUboot's imgtool.",
    footer = {
      "",
      "Its command line is imgtool's own: 'sealift imgtool --help', or put bin/imgtool on",
      "the PATH; docs/imgtool.md says what differs."
    })
final class ImgtoolCommand implements Runnable {
  /// Only when something stands before the name.
  @Override
  public void run() {
    throw Failure.usage("imgtool comes first: 'sealift imgtool COMMAND …'");
  }
}
