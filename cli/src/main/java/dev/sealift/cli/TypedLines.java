// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import java.io.IOException;
import java.util.Optional;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Size;
import org.jline.terminal.Sized;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;

/// Lines as a person types them, with a history that lives as long as the shell does: a line may
/// hold a secret. Ctrl-C drops a line, Ctrl-D ends it.
final class TypedLines implements ShellLines {
  private static final String PROMPT = "device> ";

  private static final Sized SIZE_DEFAULT = Size.of(80, 24);

  private final Terminal terminal;
  private final LineReader reader;

  private TypedLines(Terminal terminal) {
    this.terminal = terminal;
    if (terminal.getColumns() <= 0) {
      // A terminal that nobody has told its size, such as that of a script.
      terminal.setSize(SIZE_DEFAULT);
    }
    this.reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            // What is typed is the device's to read: no history by !, no escapes.
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  static TypedLines ofSystem() throws IOException {
    return new TypedLines(TerminalBuilder.builder().system(true).build());
  }

  @Override
  public Optional<String> next() {
    try {
      return Optional.of(reader.readLine(PROMPT));
    } catch (UserInterruptException _) {
      return Optional.of("");
    } catch (EndOfFileException _) {
      return Optional.empty();
    }
  }

  @Override
  public void close() throws IOException {
    terminal.close();
  }
}
