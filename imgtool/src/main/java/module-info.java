// SPDX-License-Identifier: Apache-2.0

/// A drop-in for MCUboot's imgtool: the same commands, options, values, files and exit codes, over
/// the image room. It stands apart from the command line of sealift so that a build that signs
/// through it starts as few classes as can be.
module dev.sealift.imgtool {
  requires transitive dev.sealift.bytes;
  requires dev.sealift.image;
  requires static org.jspecify;
  requires org.yaml.snakeyaml;

  exports dev.sealift.imgtool;
}
