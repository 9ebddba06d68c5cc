// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.ChunkedContent;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.transport.SmpClient;
import java.io.IOException;
import java.util.Optional;

/// Somebody at the end of a link who asks whatever they like, in whatever order, and goes on after
/// a refusal. Needs no more than a client, so it can be let loose on any device.
public final class Attacker {
  private final SmpClient client;

  public Attacker(SmpClient client) {
    this.client = client;
  }

  public Encounter bringBundle(Bytes bundle) throws IOException {
    return upload("bring a bundle", new ChunkedContent.PermitBundle(bundle));
  }

  public Encounter bringTable(Bytes table) throws IOException {
    return upload("bring a block table", new ChunkedContent.PermitTable(table));
  }

  public Encounter upload(Bytes file) throws IOException {
    return upload("upload an image", new ChunkedContent.Image(file));
  }

  /// Asks for one trial of the image with this hash.
  public Encounter mark(Bytes imageHash) throws IOException {
    return ask("mark it for a test", Images.SetState.test(imageHash));
  }

  /// Asks for the image with this hash for good.
  public Encounter markForGood(Bytes imageHash) throws IOException {
    return ask("mark it for good", new Images.SetState(Optional.of(imageHash), Optional.of(true)));
  }

  public Encounter reset() throws IOException {
    return ask("reset", Os.Reset.plain());
  }

  public Encounter erase() throws IOException {
    return ask("erase the slot", new Images.Erase(Optional.empty()));
  }

  private Encounter upload(String tried, ChunkedContent content) throws IOException {
    return new Encounter(tried, Reaction.of(client.upload(content, client.frame(), (_, _) -> {})));
  }

  private <R extends Reply> Encounter ask(String tried, Request<R> request) throws IOException {
    return new Encounter(tried, Reaction.of(client.call(request)));
  }
}
