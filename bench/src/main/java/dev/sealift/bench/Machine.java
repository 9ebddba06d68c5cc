// SPDX-License-Identifier: Apache-2.0
package dev.sealift.bench;

import dev.sealift.bytes.cbor.CborMap;

/// On what is measured. `compiler` says whether the JDK compiles as well as it can.
public record Machine(int cores, String architecture, String system, String jdk, String compiler) {
  public static Machine here() {
    return new Machine(
        Runtime.getRuntime().availableProcessors(),
        System.getProperty("os.arch", "unknown"),
        System.getProperty("os.name", "unknown"),
        "%s %s".formatted(System.getProperty("java.vm.vendor", "unknown"), Runtime.version()),
        System.getProperty("java.vm.info", "unknown"));
  }

  public String line() {
    return "%d cores, %s, %s; JDK %s, %s".formatted(cores, architecture, system, jdk, compiler);
  }

  public CborMap map() {
    return CborMap.builder()
        .put("cores", cores)
        .put("architecture", architecture)
        .put("system", system)
        .put("jdk", jdk)
        .put("compiler", compiler)
        .build();
  }
}
