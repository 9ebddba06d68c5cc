// SPDX-License-Identifier: Apache-2.0
package dev.sealift.cli;

import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.Json;
import java.io.InputStream;
import java.io.PrintStream;
import java.util.Optional;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/// Where the command speaks: results on `out`, everything said on the way on `err`. With `--json`
/// only JSON goes to `out`, one object a line, and nothing is said on the way.
final class Console {
  /// How the results are shown.
  enum Form {
    TEXT,
    JSON
  }

  private final InputStream in;
  private final PrintStream out;
  private final PrintStream err;
  private final Supplier<Terminal> terminals;
  private final ReentrantLock lock = new ReentrantLock();
  private Form form = Form.TEXT;
  private String live = "";
  private String hidden = "";
  private Optional<Terminal> terminal = Optional.empty();

  Console(PrintStream out, PrintStream err, Terminal terminal) {
    this(out, err, () -> terminal);
  }

  /// Asks for the terminal when it is needed first: most commands do without.
  Console(PrintStream out, PrintStream err, Supplier<Terminal> terminals) {
    this(System.in, out, err, terminals);
  }

  Console(InputStream in, PrintStream out, PrintStream err, Supplier<Terminal> terminals) {
    this.in = in;
    this.out = out;
    this.err = err;
    this.terminals = terminals;
  }

  void show(Form wanted) {
    this.form = wanted;
  }

  Form form() {
    return form;
  }

  /// Where lines come from that nobody types at a prompt.
  InputStream in() {
    return in;
  }

  PrintStream out() {
    return out;
  }

  PrintStream err() {
    return err;
  }

  /// Leaves this text out of everything for people: a folder whose name says nothing.
  void hide(String text) {
    hidden = text;
  }

  private String shown(String line) {
    return hidden.isEmpty() ? line : line.replace(hidden, "");
  }

  Terminal terminal() {
    lock.lock();
    try {
      Terminal known = terminal.orElseGet(terminals);
      terminal = Optional.of(known);
      return known;
    } finally {
      lock.unlock();
    }
  }

  /// A line of a longer story, as it happens.
  void say(String line) {
    lock.lock();
    try {
      if (form == Form.TEXT) {
        clearLive();
        out.println(shown(line));
        out.flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /// One JSON object of a longer story, as it happens.
  void event(CborMap json) {
    lock.lock();
    try {
      if (form == Form.JSON) {
        out.println(Json.write(json));
        out.flush();
      }
    } finally {
      lock.unlock();
    }
  }

  /// The line that is drawn over and over on a terminal; elsewhere nothing is drawn.
  void live(String line) {
    lock.lock();
    try {
      if (form == Form.TEXT && terminal().isInteractive()) {
        String cut = line.substring(0, Math.min(line.length(), terminal().columns() - 1));
        err.print("\r" + cut + " ".repeat(Math.max(0, live.length() - cut.length())));
        err.flush();
        live = cut;
      }
    } finally {
      lock.unlock();
    }
  }

  void end(Outcome outcome) {
    lock.lock();
    try {
      clearLive();
      if (form == Form.JSON) {
        out.println(Json.write(outcome.json()));
      } else {
        outcome.lines().forEach(line -> out.println(shown(line)));
      }
      out.flush();
    } finally {
      lock.unlock();
    }
  }

  void fail(Exit exit, String sentence, String hint) {
    lock.lock();
    try {
      clearLive();
      if (form == Form.JSON) {
        CborMap.Builder json = CborMap.builder().put("error", sentence);
        if (!hint.isEmpty()) {
          json.put("hint", hint);
        }
        out.println(Json.write(json.put("exit", exit.code()).build()));
        out.flush();
      }
      out.flush();
      err.println("sealift: " + shown(sentence));
      if (!hint.isEmpty()) {
        err.println("  hint: " + shown(hint));
      }
      err.flush();
    } finally {
      lock.unlock();
    }
  }

  private void clearLive() {
    if (!live.isEmpty()) {
      err.print("\r" + " ".repeat(live.length()) + "\r");
      err.flush();
      live = "";
    }
  }
}
