// SPDX-License-Identifier: Apache-2.0

/// The one way to leave a check out, for the controls of the attacks and for nobody else: an
/// attack that does not succeed when its checks are off has tested nothing.
@NullMarked
package dev.sealift.permit.control;

import org.jspecify.annotations.NullMarked;
