// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import dev.sealift.bytes.Bytes;
import java.util.List;
import java.util.Optional;

/// Slots in memory: what an upload brings is kept, nothing else exists.
final class MemoryStore implements ImageStore {
  private Bytes content = Bytes.EMPTY;
  private Optional<Bytes> finished = Optional.empty();
  private Optional<Bytes> finishedLast = Optional.empty();
  private Optional<ImageError> refusal = Optional.empty();
  private int begun;

  Optional<Bytes> finished() {
    return finished;
  }

  /// Also when a first chunk came again after the end and opened the upload anew, as it does on
  /// real servers.
  Optional<Bytes> finishedLast() {
    return finishedLast;
  }

  Bytes content() {
    return content;
  }

  int begun() {
    return begun;
  }

  void refuseUploads(ImageError error) {
    refusal = Optional.of(error);
  }

  @Override
  public List<Images.Slot> slots() {
    return List.of();
  }

  @Override
  public Images.SlotsReply sizes() {
    return new Images.SlotsReply(List.of());
  }

  @Override
  public Optional<ImageError> uploadRefusal() {
    return refusal;
  }

  @Override
  public long uploadSizeMax() {
    return 1 << 20;
  }

  @Override
  public int compareWithRunning(Bytes header) {
    // The running version is 1.0.0; bytes 20 and 21 of a header are major and minor.
    return Integer.compare(header.at(20) * 256 + header.at(21), 256);
  }

  @Override
  public void begin() {
    begun++;
    content = Bytes.EMPTY;
    finished = Optional.empty();
  }

  @Override
  public void resume(long offset) {
    content = content.first((int) offset);
    finished = Optional.empty();
  }

  @Override
  public void append(Bytes data) {
    content = content.plus(data);
  }

  @Override
  public void rewind(long offset) {
    content = content.first((int) offset);
  }

  @Override
  public void finish() {
    finished = Optional.of(content);
    finishedLast = finished;
  }

  @Override
  public Optional<ImageError> mark(Mark mark) {
    return Optional.of(ImageError.NO_IMAGE);
  }

  @Override
  public Optional<ImageError> erase(long slot) {
    return slot == 1 ? Optional.empty() : Optional.of(ImageError.BAD_SLOT);
  }
}
