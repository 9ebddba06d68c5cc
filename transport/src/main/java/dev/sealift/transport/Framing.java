// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.wire.PacketAssembler;
import dev.sealift.smp.wire.SerialConsole;
import dev.sealift.smp.wire.SerialReader;
import java.util.List;

/// How packets lie on a serial line, as one end of it has them.
sealed interface Framing {
  /// The packets that end in these bytes.
  List<Bytes> packets(Bytes arrived);

  /// What is written for a packet, in the pieces that a server takes in one by one.
  List<Bytes> pieces(Bytes packet);

  /// Nothing has come for a while.
  void quiet();

  /// Lines of a console. A line that began shows itself, so quiet says nothing.
  record Console(SerialConsole writer, SerialReader reader) implements Framing {
    @Override
    public List<Bytes> packets(Bytes arrived) {
      return reader.add(arrived);
    }

    @Override
    public List<Bytes> pieces(Bytes packet) {
      return writer.lines(packet);
    }

    @Override
    public void quiet() {}
  }

  /// Packets and nothing else. The rest of one that was cut would swallow the next, so quiet ends
  /// it.
  record Raw(PacketAssembler assembler) implements Framing {
    @Override
    public List<Bytes> packets(Bytes arrived) {
      return assembler.add(arrived);
    }

    @Override
    public List<Bytes> pieces(Bytes packet) {
      return List.of(packet);
    }

    @Override
    public void quiet() {
      assembler.clear();
    }
  }
}
