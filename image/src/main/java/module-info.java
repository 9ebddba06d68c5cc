// SPDX-License-Identifier: Apache-2.0

/// MCUboot images as values: read and written byte for byte, signed, and verified with a reason for
/// every refusal. The bootloader model, the permits and the command line all ask here what an image
/// says, so that there is one answer.
module dev.sealift.image {
  requires transitive dev.sealift.bytes;
  requires static org.jspecify;
  requires org.bouncycastle.provider;
  requires org.tukaani.xz;

  exports dev.sealift.image;
  exports dev.sealift.image.compression;
  exports dev.sealift.image.dfu;
  exports dev.sealift.image.encryption;
  exports dev.sealift.image.hex;
  exports dev.sealift.image.key;
}
