// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.server.LinkId;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class RenewedLinkTest {
  private static final Bytes PACKET = Bytes.ofUtf8("packet");

  /// A cable that somebody pulls out and puts in again.
  private static final class Cable {
    private final List<String> story = new ArrayList<>();
    private boolean plugged = true;

    Link open() throws IOException {
      requirePlugged();
      story.add("open");
      MemoryLink inner = new MemoryLink(new LinkId("cable"), (_, packet) -> List.of(packet));
      return new Link() {
        @Override
        public String target() {
          return "cable";
        }

        @Override
        public int packetMax() {
          return 100;
        }

        @Override
        public void send(Bytes packet) throws IOException {
          requirePlugged();
          inner.send(packet);
        }

        @Override
        public Optional<Bytes> receive(Duration patience) throws IOException {
          requirePlugged();
          return inner.receive(patience);
        }

        @Override
        public void close() {
          story.add("close");
        }
      };
    }

    private void requirePlugged() throws IOException {
      if (!plugged) {
        throw new IOException("the cable is out");
      }
    }
  }

  @Test
  void a_loss_is_said_and_the_next_packet_opens_the_way_again() throws IOException {
    Cable cable = new Cable();
    try (RenewedLink link = RenewedLink.open(cable::open)) {
      link.send(PACKET);
      assertThat(link.receive(Duration.ZERO)).contains(PACKET);
      cable.plugged = false;
      assertThatThrownBy(() -> link.receive(Duration.ZERO))
          .isInstanceOf(LinkLostException.class)
          .hasMessage("the cable is out");
      assertThat(link.receive(Duration.ZERO)).isEmpty();
      assertThatThrownBy(() -> link.send(PACKET)).isInstanceOf(LinkLostException.class);
      assertThat(link.target()).isEqualTo("cable");
      cable.plugged = true;
      link.send(PACKET);
      assertThat(link.receive(Duration.ZERO)).contains(PACKET);
    }
    assertThat(cable.story).containsExactly("open", "close", "open", "close");
  }

  @Test
  void what_cannot_be_opened_at_first_is_no_loss() {
    Cable cable = new Cable();
    cable.plugged = false;
    assertThatThrownBy(() -> RenewedLink.open(cable::open))
        .isExactlyInstanceOf(IOException.class)
        .hasMessage("the cable is out");
  }

  @Test
  void what_is_lost_is_closed_once() throws IOException {
    Cable cable = new Cable();
    RenewedLink link = RenewedLink.open(cable::open);
    cable.plugged = false;
    assertThatThrownBy(() -> link.send(PACKET)).isInstanceOf(LinkLostException.class);
    link.close();
    assertThat(cable.story).containsExactly("open", "close");
  }
}
