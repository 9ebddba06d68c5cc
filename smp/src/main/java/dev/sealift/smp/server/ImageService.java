// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import dev.sealift.smp.Reply;
import dev.sealift.smp.Request;
import dev.sealift.smp.server.GroupHandler.Response;
import dev.sealift.smp.server.Hooks.ChunkVerdict;
import dev.sealift.smp.server.Hooks.Notice;
import java.util.Optional;

/// The image group of a server. One upload for the whole device, whatever link its chunks come by.
///
/// An upload is known again by its image and the `sha` its client gave. A chunk at another offset
/// than the server's is dropped and answered with the server's offset, never with an error; so
/// every answer tells the truth about progress.
final class ImageService implements GroupHandler {
  /// The header of an image must come in one piece.
  private static final int HEADER_SIZE = 32;

  private static final Bytes MAGIC = Bytes.ofHex("3db8f396");
  private static final int SHA_SIZE_MAX = 32;
  private static final int CHUNK_OLD_MAX = 512;

  private final ImageStore store;
  private final Hooks hooks;
  private final Mood mood;
  private Optional<Session> session = Optional.empty();

  /// A running upload. `sha` is empty when its client gave none.
  private record Session(int image, long length, long offset, Bytes sha) {
    Session at(long newOffset) {
      return new Session(image, length, newOffset, sha);
    }

    /// Whether a first chunk of that file can go on with this upload: something of it is there.
    boolean isOf(long otherImage, Bytes otherSha) {
      return offset > 0 && image == otherImage && !sha.isEmpty() && sha.equals(otherSha);
    }
  }

  ImageService(ImageStore store, Hooks hooks, Mood mood) {
    this.store = store;
    this.hooks = hooks;
    this.mood = mood;
  }

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Images.State _ -> done(state());
      case Images.Slots _ -> done(store.sizes());
      case Images.SetState wanted -> setState(wanted);
      case Images.Upload chunk -> upload(chunk);
      case Images.Erase erase -> erase(erase);
      default -> Response.notSupported();
    };
  }

  private Images.StateReply state() {
    return mood.has(Trait.BARE_SLOTS)
        ? new Images.StateReply(
            store.slots().stream().map(Images.Slot::bare).toList(), Optional.empty())
        : new Images.StateReply(store.slots(), Optional.of(0L));
  }

  private Response setState(Images.SetState wanted) {
    boolean confirm = wanted.confirm().orElse(false);
    ImageStore.Mark mark;
    if (wanted.hash().isEmpty()) {
      if (!confirm) {
        return Response.refused(Answer.ResultCode.INVALID);
      }
      mark = new ImageStore.Mark.Confirm(0);
    } else {
      Bytes hash = wanted.hash().get();
      mark = confirm ? markForGood(hash) : new ImageStore.Mark.Test(hash);
    }
    Optional<ImageError> error = store.mark(mark);
    if (error.isPresent()) {
      return Response.refused(error.get());
    }
    hooks.notice(mark instanceof ImageStore.Mark.Confirm ? Notice.CONFIRMED : Notice.PENDING);
    return done(state());
  }

  /// Confirming by hash means what is in use when it has that hash.
  private ImageStore.Mark markForGood(Bytes hash) {
    return store.slots().stream()
        .filter(slot -> slot.active().orElse(false) && slot.hash().equals(Optional.of(hash)))
        .findFirst()
        .<ImageStore.Mark>map(
            slot -> new ImageStore.Mark.Confirm(Math.toIntExact(slot.image().orElse(0L))))
        .orElseGet(() -> new ImageStore.Mark.Permanent(hash));
  }

  private Response erase(Images.Erase erase) {
    session = Optional.empty();
    return store
        .erase(erase.slot().orElse(1L))
        .map(Response::refused)
        .orElseGet(() -> Response.nothing());
  }

  private Response upload(Images.Upload chunk) {
    if (chunk.offset().isEmpty()) {
      return end(ImageError.OFFSET_MISSING);
    }
    Bytes data = chunk.data().orElse(Bytes.EMPTY);
    if (mood.has(Trait.CHUNKS_OF_512) && data.size() > CHUNK_OLD_MAX) {
      return Response.refused(Answer.ResultCode.INVALID);
    }
    return switch (store.readiness()) {
      case READY -> take(chunk);
      case BUSY ->
          mood.has(Trait.BUSY_IN_SILENCE)
              ? progress(session.map(Session::offset).orElse(0L))
              : Response.refused(Answer.ResultCode.BUSY);
    };
  }

  private Response take(Images.Upload chunk) {
    long offset = chunk.offset().orElse(0L);
    Bytes data = chunk.data().orElse(Bytes.EMPTY);
    long length =
        offset == 0
            ? chunk.length().orElse(0L)
            : session.map(Session::length).orElse(offset + data.size());
    boolean isLast = data.size() >= length - offset;
    if (mood.has(Trait.CUTS_UNALIGNED) && !isLast) {
      int unit = store.writeUnit();
      data = data.first(data.size() / unit * unit);
    }
    // Whoever looks at the chunk sees what will be written of it.
    Images.Upload cut = chunk.with(data);
    return offset == 0 ? first(cut, data) : next(cut, data);
  }

  private Response first(Images.Upload chunk, Bytes data) {
    boolean anyBytes = mood.has(Trait.ANY_BYTES);
    if (!anyBytes && data.size() < HEADER_SIZE) {
      return end(ImageError.HEADER_SHORT);
    }
    if (chunk.length().isEmpty()) {
      return end(ImageError.LENGTH_MISSING);
    }
    if (!anyBytes && !data.startsWith(MAGIC)) {
      return end(ImageError.MAGIC_WRONG);
    }
    if (digest(chunk).size() > SHA_SIZE_MAX) {
      return end(ImageError.HASH_LENGTH);
    }
    long number = chunk.image().orElse(0L);
    if (!mood.has(Trait.NO_RESUME)
        && session.isPresent()
        && session.get().isOf(number, digest(chunk))) {
      // The same file again: nothing is written, the client goes on from here.
      return progress(session.get().offset());
    }
    if (number >= store.images()) {
      // A Zephyr device of one image does not look at the number and takes the file all the same.
      return end(ImageError.BAD_SLOT);
    }
    int image = (int) number;
    long length = chunk.length().get();
    if (length > store.uploadSizeMax(image)) {
      return end(ImageError.TOO_LARGE);
    }
    if (data.size() > length) {
      return end(ImageError.OVERRUN);
    }
    if (!anyBytes
        && chunk.upgrade().orElse(false)
        && store.compareWithRunning(data.first(HEADER_SIZE)) <= 0) {
      return end(ImageError.CURRENT_NEWER);
    }
    Optional<ImageError> refusal = store.uploadRefusal(image);
    if (refusal.isPresent()) {
      return end(refusal.get());
    }
    Session opened = new Session(image, length, 0, digest(chunk));
    if (mood.has(Trait.CHECKS_IMAGE) && isThere(opened)) {
      session = Optional.empty();
      return done(new Images.UploadReply(length, Optional.of(true)));
    }
    return switch (hooks.chunk(chunk, 0)) {
      case ChunkVerdict.Proceed() -> {
        store.begin(
            image,
            mood.has(Trait.ERASES_AT_ONCE) ? ImageStore.Erasing.AT_ONCE : ImageStore.Erasing.LAZY);
        hooks.notice(Notice.STARTED);
        yield take(opened, data);
      }
      case ChunkVerdict.Refuse(var reason) -> end(reason);
      // An upload that has not begun has nothing to go back to, and a step back is not for the one
      // that it would have replaced.
      case ChunkVerdict.RefuseAndRewind(var reason, _) -> end(reason);
      case ChunkVerdict.Resume(var offset) -> resume(opened, offset);
    };
  }

  private static Bytes digest(Images.Upload chunk) {
    return chunk.sha().orElse(Bytes.EMPTY);
  }

  private Response next(Images.Upload chunk, Bytes data) {
    if (session.isEmpty()) {
      return mood.has(Trait.NEEDS_SESSION)
          ? Response.refused(Answer.ResultCode.INVALID)
          : progress(0);
    }
    Session current = session.get();
    if (chunk.offset().orElse(0L) != current.offset() || data.isEmpty()) {
      return progress(current.offset());
    }
    if (data.size() > current.length() - current.offset()) {
      return end(ImageError.OVERRUN);
    }
    return switch (hooks.chunk(chunk, current.offset())) {
      case ChunkVerdict.Proceed() -> take(current, data);
      case ChunkVerdict.Refuse(var reason) -> end(reason);
      case ChunkVerdict.RefuseAndRewind(var reason, var offset) -> {
        store.rewind(offset);
        session = Optional.of(current.at(offset));
        yield new Response.Refused(reason);
      }
      case ChunkVerdict.Resume(var offset) -> resume(current, offset);
    };
  }

  private Response take(Session current, Bytes data) {
    store.append(data);
    return standAt(current, current.offset() + data.size());
  }

  private Response resume(Session current, long offset) {
    if (offset > current.length()) {
      throw new IllegalStateException(
          "resumed at %d in a file of %d bytes".formatted(offset, current.length()));
    }
    store.resume(current.image(), offset);
    return standAt(current, offset);
  }

  private Response standAt(Session current, long offset) {
    if (offset == current.length()) {
      session = Optional.empty();
      store.finish();
      hooks.notice(Notice.COMPLETED);
      if (mood.has(Trait.CHECKS_IMAGE) && !current.sha().isEmpty()) {
        return done(new Images.UploadReply(offset, Optional.of(isThere(current))));
      }
    } else {
      session = Optional.of(current.at(offset));
    }
    return progress(offset);
  }

  private boolean isThere(Session file) {
    return file.sha().size() == SHA_SIZE_MAX
        && store.digest(file.image(), file.length()).equals(Optional.of(file.sha()));
  }

  private Response end(ImageError error) {
    return end(error.reason());
  }

  private Response end(Answer.Reason reason) {
    if (session.isPresent()) {
      session = Optional.empty();
      hooks.notice(Notice.STOPPED);
    }
    return new Response.Refused(reason);
  }

  private static Response progress(long offset) {
    return done(new Images.UploadReply(offset, Optional.empty()));
  }

  private static Response done(Reply reply) {
    return new Response.Done(reply);
  }
}
