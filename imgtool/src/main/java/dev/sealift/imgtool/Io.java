// SPDX-License-Identifier: Apache-2.0
package dev.sealift.imgtool;

import java.io.PrintStream;
import java.nio.file.Path;
import java.security.SecureRandom;

/// What a command needs of the world: who types passwords, where output goes, the folder that file
/// names are relative to, and dice.
public record Io(
    Prompt prompt, PrintStream out, PrintStream err, Path folder, SecureRandom random) {}
