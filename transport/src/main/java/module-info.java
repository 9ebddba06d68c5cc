// SPDX-License-Identifier: Apache-2.0

/// The wires that carry SMP, and the blocking client that speaks over one of them. The first room
/// that knows sockets, threads and deadlines; what is said stays the business of `smp`.
module dev.sealift.transport {
  requires transitive dev.sealift.smp;
  requires com.fazecast.jSerialComm;
  requires element.connector;
  requires javax.jmdns;
  requires org.freedesktop.dbus;
  requires scandium;
  requires static org.jspecify;

  exports dev.sealift.transport;
  exports dev.sealift.transport.ble;
}
