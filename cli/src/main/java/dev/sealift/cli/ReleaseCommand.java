// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import picocli.CommandLine.Command;

/// Releases: images, and who agrees that they may be installed where.
@Command(
    name = "release",
    description = "Make, sign, approve, check and show releases.",
    subcommands = {
      ReleaseMake.class,
      ReleaseSign.class,
      ReleaseApprove.class,
      ReleaseAttach.class,
      ReleaseCheck.class,
      ReleaseShow.class
    })
final class ReleaseCommand extends Noun {}
