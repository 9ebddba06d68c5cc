// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.cbor.CborBytes;
import dev.sealift.bytes.cbor.CborInt;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.smp.Answer;
import dev.sealift.smp.Files;
import dev.sealift.smp.FilesError;
import dev.sealift.smp.Request;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;

/// Group 8: files. A file is written from its start, in order; a part for another place than the
/// end of the file is refused, and the refusal says where the end is.
public final class FilesService implements GroupHandler {
  /// Room for the header and all else in an answer beside the data.
  private static final int FRAME = 40;

  /// Files are looked at in pieces of this size.
  private static final int PIECE = 1024;

  private static final String CRC32_NAME = "crc32";
  private static final String SHA256_NAME = "sha256";

  private final FileStore store;
  private final int dataMax;

  /// Answers fit a buffer of that size.
  public FilesService(FileStore store, int bufferSize) {
    this.store = store;
    this.dataMax = Math.max(1, bufferSize - FRAME);
  }

  @Override
  public Response handle(LinkId link, Request<?> request) {
    return switch (request) {
      case Files.Read read -> found(read.name(), length -> read(read, length));
      case Files.Write write -> write(write);
      case Files.Status status ->
          found(status.name(), length -> new Response.Done(new Files.StatusReply(length)));
      case Files.Checksum checksum -> found(checksum.name(), length -> sum(checksum, length));
      case Files.Checksums _ -> new Response.Done(new Files.ChecksumsReply(kinds()));
      // Nothing is held open here.
      case Files.Close _ -> Response.nothing();
      default -> Response.notSupported();
    };
  }

  private static Map<String, Files.Kind> kinds() {
    Map<String, Files.Kind> kinds = new LinkedHashMap<>();
    kinds.put(CRC32_NAME, new Files.Kind(0, 4));
    kinds.put(SHA256_NAME, new Files.Kind(1, 32));
    return kinds;
  }

  private interface WithLength {
    Response answer(long length);
  }

  private Response found(String name, WithLength then) {
    return switch (store.look(name)) {
      case FileStore.Look.File(var length) -> then.answer(length);
      case FileStore.Look.Missing() -> Response.refused(FilesError.NOT_FOUND);
      case FileStore.Look.Barred(var error) -> Response.refused(error);
    };
  }

  private Response read(Files.Read asked, long length) {
    if (asked.offset() > length) {
      return Response.refused(FilesError.PAST_END);
    }
    return store
        .read(asked.name(), asked.offset(), dataMax)
        .<Response>map(
            data ->
                new Response.Done(
                    new Files.ReadReply(
                        asked.offset(),
                        data,
                        asked.offset() == 0 ? Optional.of(length) : Optional.empty())))
        .orElseGet(() -> Response.refused(FilesError.READ));
  }

  private Response write(Files.Write part) {
    if (part.offset() == 0 && part.length().isEmpty()) {
      return Response.refused(Answer.ResultCode.INVALID);
    }
    if (store.look(part.name()) instanceof FileStore.Look.Barred(var error)) {
      return Response.refused(error);
    }
    if (part.offset() > 0) {
      long length = store.look(part.name()) instanceof FileStore.Look.File(var known) ? known : 0;
      if (length != part.offset()) {
        return new Response.Refused(
            FilesError.BAD_OFFSET.reason(), CborMap.builder().put("len", length).build());
      }
    }
    return store
        .write(part.name(), part.offset(), part.data())
        .map(Response::refused)
        .orElseGet(
            () -> new Response.Done(new Files.WriteReply(part.offset() + part.data().size())));
  }

  private Response sum(Files.Checksum asked, long fileLength) {
    String type = asked.type().orElse(CRC32_NAME);
    long offset = asked.offset().orElse(0L);
    if (!type.equals(CRC32_NAME) && !type.equals(SHA256_NAME)) {
      return Response.refused(FilesError.NO_CHECKSUM);
    }
    if (fileLength == 0) {
      return Response.refused(FilesError.EMPTY);
    }
    if (offset >= fileLength) {
      return Response.refused(FilesError.PAST_END);
    }
    long length = Math.min(asked.length().orElse(Long.MAX_VALUE), fileLength - offset);
    Optional<CborItem> output =
        type.equals(CRC32_NAME)
            ? crc32(asked.name(), offset, length)
            : sha256(asked.name(), offset, length);
    return output
        .<Response>map(
            sum ->
                new Response.Done(
                    new Files.ChecksumReply(
                        type,
                        offset == 0 ? Optional.empty() : Optional.of(offset),
                        length,
                        Optional.of(sum))))
        .orElseGet(() -> Response.refused(FilesError.READ));
  }

  private Optional<CborItem> crc32(String name, long offset, long length) {
    CRC32 crc = new CRC32();
    return pieces(name, offset, length, piece -> crc.update(piece.toBuffer()))
        ? Optional.of(CborInt.of(crc.getValue()))
        : Optional.empty();
  }

  private Optional<CborItem> sha256(String name, long offset, long length) {
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return pieces(name, offset, length, piece -> piece.updateInto(digest))
          ? Optional.of(new CborBytes(Bytes.owning(digest.digest())))
          : Optional.empty();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("this JDK lacks SHA-256", e);
    }
  }

  private boolean pieces(
      String name, long offset, long length, java.util.function.Consumer<Bytes> each) {
    for (long at = offset; at < offset + length; ) {
      Optional<Bytes> piece = store.read(name, at, (int) Math.min(PIECE, offset + length - at));
      if (piece.isEmpty() || piece.get().isEmpty()) {
        return false;
      }
      each.accept(piece.get());
      at += piece.get().size();
    }
    return true;
  }
}
