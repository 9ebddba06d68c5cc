// SPDX-License-Identifier: Apache-2.0

/// The drop-in for imgtool 2.4 and its Nordic fork.
///
/// ```
/// Imgtool.run(argv, Io) -> exit code
///   Command   = name, options, operands, what is done     the table of commands is in Imgtool
///   Given     = argv, read by the grammar of a Command
///   Io        = prompts, output, folder, dice              what the outermost room hands in
///
/// exit 0  done
///      1  a check failed, or a file, key or number is none that can be used
///      2  the command line makes no sense, or asks for what nobody should make
/// ```
///
/// The exit codes are imgtool's: where it ends by an exception of Python, ours is 1 and a sentence.
/// `docs/imgtool.md` says where the two differ on purpose.
@NullMarked
package dev.sealift.imgtool;

import org.jspecify.annotations.NullMarked;
