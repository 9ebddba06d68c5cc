// SPDX-License-Identifier: Apache-2.0

/// SMP over Bluetooth LE through BlueZ, the Bluetooth service of Linux, which is spoken to over
/// D-Bus alone: no socket of the kernel, no privilege but the right to speak to `org.bluez`.
///
/// ```
/// Bluetooth      scan, pair, open a link: what a caller does
///   BleLink      one device: a packet split into writes, notifications put together
///   Search       which of the known devices is meant (a pure function)
///   PairingAgent answers BlueZ's questions while a device is paired
///   BlueZ        BlueZ's objects as they are now, and waiting until they are otherwise
///     Bus        messages: a call and its reply, signals, calls that others make
///       dbus-java  the form of messages, and the socket
/// ```
///
/// What BlueZ promises is said in its repository's `doc/org.bluez.*.rst`; comments here name the
/// page and the member.
@NullMarked
package dev.sealift.transport.ble;

import org.jspecify.annotations.NullMarked;
