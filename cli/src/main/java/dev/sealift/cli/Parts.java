// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.lang.reflect.Constructor;
import picocli.CommandLine;

/// Makes the commands for picocli: each gets the console through its constructor.
final class Parts implements CommandLine.IFactory {
  private final Console console;
  private final CommandLine.IFactory others = CommandLine.defaultFactory();

  Parts(Console console) {
    this.console = console;
  }

  @Override
  public <K> K create(Class<K> type) throws Exception {
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (constructor.getParameterCount() == 1
          && constructor.getParameterTypes()[0] == Console.class) {
        return type.cast(constructor.newInstance(console));
      }
    }
    return others.create(type);
  }
}
