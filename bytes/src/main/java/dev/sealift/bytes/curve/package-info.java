// SPDX-License-Identifier: Apache-2.0

/// Points on the curves that keys lie on, and whether a signature is one of theirs: public values
/// only, by Bouncy Castle, which is many times faster at it than the JDK. What has to do with a
/// private key is not here: the JDK does that without telling an observer how long it took.
@NullMarked
package dev.sealift.bytes.curve;

import org.jspecify.annotations.NullMarked;
