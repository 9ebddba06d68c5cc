// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import picocli.CommandLine.Command;

/// MCUboot images.
@Command(
    name = "image",
    description = "Sign, verify and show MCUboot images.",
    subcommands = {
      ImageSign.class,
      ImageVerify.class,
      ImageShow.class,
      ImageResign.class,
      ImageDiff.class
    })
final class ImageCommand extends Noun {}
