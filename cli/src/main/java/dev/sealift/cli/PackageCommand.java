// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import picocli.CommandLine.Command;

/// DFU packages, as phones take them.
@Command(
    name = "package",
    description = "Make and show DFU packages (dfu_application.zip).",
    subcommands = {PackageMake.class, PackageShow.class})
final class PackageCommand extends Noun {}
