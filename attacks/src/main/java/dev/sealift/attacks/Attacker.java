// SPDX-License-Identifier: Apache-2.0
package dev.sealift.attacks;

import dev.sealift.bytes.Bytes;
import dev.sealift.permit.Bundle;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Basic;
import dev.sealift.smp.Images;
import dev.sealift.smp.Os;
import dev.sealift.smp.Permits;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.upload.ChunkedContent;
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

  // Permits.

  Encounter bringBundle(Bundle bundle) throws IOException {
    return bringBundle(bundle.encode());
  }

  public Encounter bringBundle(Bytes bundle) throws IOException {
    return upload("bring a bundle", new ChunkedContent.PermitBundle(bundle));
  }

  public Encounter bringTable(Bytes table) throws IOException {
    return upload("bring a block table", new ChunkedContent.PermitTable(table));
  }

  Encounter bringTable(int image, Bytes table) throws IOException {
    return upload(
        "bring the block table of image " + image,
        new ChunkedContent.PermitTable(table, Optional.of(image)));
  }

  Encounter bringSession(Bytes message) throws IOException {
    return upload("bring a session permit", new ChunkedContent.SessionPermit(message));
  }

  /// What a bundle has said of when to come back, if it has.
  Permits.PartReply sendBundle(Bytes bundle) throws IOException {
    return switch (client.upload(
        new ChunkedContent.PermitBundle(bundle), client.frame(), (_, _) -> {})) {
      case SmpClient.Delivery.Delivered(Permits.PartReply reply) -> reply;
      case SmpClient.Delivery.Delivered _,
          SmpClient.Delivery.Refused _,
          SmpClient.Delivery.Stuck _ ->
          throw new IOException("the device does not answer bundles");
    };
  }

  Encounter drop() throws IOException {
    return ask("drop what is staged", new Permits.Drop());
  }

  /// A number to be answered.
  Bytes nonce() throws IOException {
    return switch (client.call(new Permits.Nonce())) {
      case Answer.Done<Permits.NonceReply>(var reply) -> reply.nonce();
      case Answer.Refused<Permits.NonceReply> refused ->
          throw new IOException("no nonce: " + refused.reason().explain());
    };
  }

  Encounter askNonce() throws IOException {
    return ask("ask for a nonce", new Permits.Nonce());
  }

  Encounter get(Permits.Get asked) throws IOException {
    return ask("ask for %s from %d".formatted(words(asked.what()), asked.offset()), asked);
  }

  private static String words(Permits.Get.What what) {
    return switch (what) {
      case Permits.Get.What.Bundle() -> "the bundle";
      case Permits.Get.What.Table(var image) -> "the table of image " + image;
    };
  }

  /// The answer itself, for whoever wants to read it.
  <R extends Reply> R done(Request<R> request) throws IOException {
    return switch (client.call(request)) {
      case Answer.Done<R>(var reply) -> reply;
      case Answer.Refused<R> refused ->
          throw new IOException(request.command() + ": " + refused.reason().explain());
    };
  }

  // Images.

  public Encounter upload(Bytes file) throws IOException {
    return upload("upload an image", new ChunkedContent.Image(file));
  }

  Encounter upload(int image, Bytes file) throws IOException {
    return upload("upload as image " + image, new ChunkedContent.Image(file, Optional.of(image)));
  }

  /// With a digest of the file that may be anything.
  Encounter uploadCalling(Bytes digest, Bytes file) throws IOException {
    return upload(
        "upload an image with a digest of their own",
        new ChunkedContent.Image(file, digest, Optional.empty()));
  }

  /// One chunk of an upload that runs.
  Encounter chunk(long offset, Bytes data) throws IOException {
    return chunk("send a chunk at " + offset, Images.Upload.next(offset, data));
  }

  Answer<Images.UploadReply> sendChunk(Images.Upload chunk) throws IOException {
    return client.call(chunk);
  }

  Encounter chunk(String tried, Images.Upload chunk) throws IOException {
    long end = chunk.offset().orElse(0L) + chunk.data().map(Bytes::size).orElse(0);
    return new Encounter(
        tried,
        switch (client.call(chunk)) {
          case Answer.Done<Images.UploadReply>(var reply) when reply.offset() == end ->
              new Reaction.Taken();
          case Answer.Done<Images.UploadReply>(var reply) ->
              new Reaction.Denied("nothing is taken, byte %d is due".formatted(reply.offset()));
          case Answer.Refused<Images.UploadReply> refused -> Reaction.of(refused);
        });
  }

  /// Asks for one trial of the image with this hash.
  public Encounter mark(Bytes imageHash) throws IOException {
    return ask("mark it for a test", Images.SetState.test(imageHash));
  }

  /// Asks for the image with this hash for good.
  public Encounter markForGood(Bytes imageHash) throws IOException {
    return ask("mark it for good", new Images.SetState(Optional.of(imageHash), Optional.of(true)));
  }

  Encounter confirm() throws IOException {
    return ask("confirm the running image", Images.SetState.confirmRunning());
  }

  public Encounter erase() throws IOException {
    return ask("erase the slot", new Images.Erase(Optional.empty()));
  }

  // The rest.

  public Encounter reset() throws IOException {
    return ask("reset", Os.Reset.plain());
  }

  Encounter setClock(String datetime) throws IOException {
    return ask("set the clock", new Os.SetDatetime(datetime));
  }

  Encounter eraseStorage() throws IOException {
    return ask("erase the storage", new Basic.EraseStorage());
  }

  private Encounter upload(String tried, ChunkedContent content) throws IOException {
    return new Encounter(tried, Reaction.of(client.upload(content, client.frame(), (_, _) -> {})));
  }

  <R extends Reply> Encounter ask(String tried, Request<R> request) throws IOException {
    return new Encounter(tried, Reaction.of(client.call(request)));
  }
}
