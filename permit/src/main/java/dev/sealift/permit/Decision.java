// SPDX-License-Identifier: Apache-2.0
package dev.sealift.permit;

import dev.sealift.bytes.Bytes;
import java.util.Optional;

/// All that came of judging a bundle: the verdict; the state with what was learnt on the way, which
/// holds even where the release itself is refused; how many signatures that took; and the nonce
/// that was answered, which is used up.
public record Decision(
    Verdict verdict, TrustState state, int verifications, Optional<Bytes> answered) {}
