// SPDX-License-Identifier: Apache-2.0

/// The `sealift` command. The outermost room: here files, sockets, clocks and dice are wired to
/// what decides.
module dev.sealift.cli {
  requires dev.sealift.attacks;
  requires dev.sealift.bench;
  requires dev.sealift.boot;
  requires dev.sealift.bytes;
  requires dev.sealift.device;
  requires dev.sealift.image;
  requires dev.sealift.imgtool;
  requires dev.sealift.keys;
  requires dev.sealift.permit;
  requires dev.sealift.smp;
  requires dev.sealift.suit;
  requires dev.sealift.transport;
  requires dev.sealift.update;
  requires info.picocli;
  requires jdk.httpserver;
  requires org.jline;
  requires static org.jspecify;

  // picocli fills in the options.
  opens dev.sealift.cli to
      info.picocli;
}
