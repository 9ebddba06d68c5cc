// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

/// A row of the threat model that cannot be attacked yet, or only in part, and why.
public record NotYet(String threat, String reason) {}
