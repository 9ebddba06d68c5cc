// SPDX-License-Identifier: Apache-2.0

/// The `sealift` command: nouns, then verbs. Here the outside is wired together: files, sockets,
/// clocks, dice. Each command builds an [Outcome][dev.sealift.cli.Outcome], which the one printer
/// shows as lines for people or as one JSON object for machines; what goes wrong is a
/// [Failure][dev.sealift.cli.Failure] with a sentence and an exit code.
@NullMarked
package dev.sealift.cli;

import org.jspecify.annotations.NullMarked;
