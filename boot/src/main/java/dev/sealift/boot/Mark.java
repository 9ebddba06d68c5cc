// SPDX-License-Identifier: Apache-2.0
package dev.sealift.boot;

/// What a field of the trailer says. A torn or foreign value is a third state of its own: it is
/// neither a yes nor a no.
public enum Mark {
  GOOD,
  BAD,
  UNSET
}
