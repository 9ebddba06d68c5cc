// SPDX-License-Identifier: Apache-2.0

/// MCUboot's boot as a model: a flash that is state, counts its operations and can lose power at
/// any of them; the trailers; the application's marks; and the bootloader that swaps, resumes,
/// reverts and refuses as the C code does. No I/O.
module dev.sealift.boot {
  requires transitive dev.sealift.bytes;
  requires transitive dev.sealift.image;
  requires static org.jspecify;
  requires tools.jackson.core;
  requires tools.jackson.databind;
  requires tools.jackson.dataformat.toml;

  exports dev.sealift.boot;
}
