// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

/// Names one connection to a server for as long as it lasts; says nothing about who is behind it.
public record LinkId(String value) {
  @Override
  public String toString() {
    return value;
  }
}
