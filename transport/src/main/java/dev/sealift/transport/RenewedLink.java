// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/// A link that is opened anew after it was lost, because a device that restarts takes its Bluetooth
/// connection or its USB port with it. A loss is said to whoever uses the link, as a
/// [LinkLostException]; the next packet to be sent opens the way again.
public final class RenewedLink implements Link {
  /// How the way is opened.
  @FunctionalInterface
  public interface Opening {
    Link open() throws IOException;
  }

  private final Opening opening;
  private Link link;
  private State state = State.OPEN;

  private enum State {
    OPEN,
    LOST
  }

  private RenewedLink(Opening opening, Link link) {
    this.opening = opening;
    this.link = link;
  }

  /// Opens it for the first time; what fails then is no loss.
  public static RenewedLink open(Opening opening) throws IOException {
    return new RenewedLink(opening, opening.open());
  }

  @Override
  public String target() {
    return link.target();
  }

  @Override
  public int packetMax() {
    return link.packetMax();
  }

  @Override
  public int wireBytes() {
    return link.wireBytes();
  }

  @Override
  public int pieceMax() {
    return link.pieceMax();
  }

  @Override
  public List<String> remarks() {
    return link.remarks();
  }

  @Override
  public void send(Bytes packet) throws IOException {
    try {
      if (state == State.LOST) {
        link = opening.open();
        state = State.OPEN;
      }
      link.send(packet);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  /// Nothing comes on a link that is lost.
  @Override
  public Optional<Bytes> receive(Duration patience) throws IOException {
    if (state == State.LOST) {
      return Optional.empty();
    }
    try {
      return link.receive(patience);
    } catch (IOException e) {
      throw lost(e);
    }
  }

  private LinkLostException lost(IOException why) {
    if (state == State.OPEN) {
      state = State.LOST;
      try {
        link.close();
      } catch (IOException e) {
        why.addSuppressed(e);
      }
    }
    return new LinkLostException(why);
  }

  @Override
  public void close() throws IOException {
    if (state == State.OPEN) {
      link.close();
    }
  }
}
