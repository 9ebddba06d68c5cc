// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import picocli.CommandLine.Command;

/// Keys for images, releases and roots.
@Command(
    name = "key",
    description = {
      "Make and show keys.",
      "",
      "A key that signs is named in one of three ways:",
      "  FILE                 PEM, plain or under a password",
      "  pkcs11:token=LABEL;object=LABEL?module-path=/path/library.so",
      "                       in a token or HSM (RFC 7512; also serial, id, pin-source)",
      "  cmd:PROGRAM ARGS     a program that gets on its standard input what is to be",
      "                       signed and writes the signature; with --public FILE",
      ""
    },
    subcommands = {KeyNew.class, KeyShow.class, KeyPublic.class, KeyHash.class})
final class KeyCommand extends Noun {}
