// SPDX-License-Identifier: Apache-2.0

/// One device's update, from what is known to what to do next, and the loop that does it. Here
/// because the virtual device, the command and, later, gateways and peers all need the same one.
module dev.sealift.update {
  requires transitive dev.sealift.boot;
  requires transitive dev.sealift.permit;
  requires transitive dev.sealift.transport;
  requires static org.jspecify;

  exports dev.sealift.update;
}
