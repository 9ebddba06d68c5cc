// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp.server;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Slots in memory: what an upload brings is kept, nothing else exists.
public final class MemoryStore implements ImageStore {
  private Bytes content = Bytes.EMPTY;
  private Optional<Bytes> finished = Optional.empty();
  private Optional<Bytes> finishedLast = Optional.empty();
  private Optional<ImageError> refusal = Optional.empty();
  private int begun;
  private int begunFor;
  private int images = 1;
  private int unit = 1;
  private Readiness readiness = Readiness.READY;
  private Erasing erased = Erasing.LAZY;
  private List<Images.Slot> slots = List.of();
  private final List<Mark> marks = new ArrayList<>();

  public MemoryStore() {}

  public Optional<Bytes> finished() {
    return finished;
  }

  /// Also when a first chunk came again after the end and opened the upload anew, as it does on
  /// real servers.
  public Optional<Bytes> finishedLast() {
    return finishedLast;
  }

  public Bytes content() {
    return content;
  }

  public int begun() {
    return begun;
  }

  /// The image that the last upload began for.
  public int begunFor() {
    return begunFor;
  }

  /// How the slot of the last upload was erased.
  public Erasing erased() {
    return erased;
  }

  public void is(Readiness now) {
    readiness = now;
  }

  public void writesInUnitsOf(int bytes) {
    unit = bytes;
  }

  @Override
  public Readiness readiness() {
    return readiness;
  }

  @Override
  public int writeUnit() {
    return unit;
  }

  @Override
  public Optional<Bytes> digest(int image, long length) {
    return content.size() < length
        ? Optional.empty()
        : Optional.of(content.first((int) length).sha256());
  }

  public void hasImages(int count, Images.Slot... lying) {
    images = count;
    slots = List.of(lying);
  }

  /// All that was asked for; none of it is done.
  public List<Mark> marks() {
    return marks;
  }

  public void refuseUploads(ImageError error) {
    refusal = Optional.of(error);
  }

  @Override
  public int images() {
    return images;
  }

  @Override
  public List<Images.Slot> slots() {
    return slots;
  }

  @Override
  public Images.SlotsReply sizes() {
    return new Images.SlotsReply(List.of());
  }

  @Override
  public Optional<ImageError> uploadRefusal(int image) {
    return refusal;
  }

  @Override
  public long uploadSizeMax(int image) {
    return 1 << 20;
  }

  @Override
  public int compareWithRunning(Bytes header) {
    // The running version is 1.0.0; bytes 20 and 21 of a header are major and minor.
    return Integer.compare(header.at(20) * 256 + header.at(21), 256);
  }

  @Override
  public void begin(int image, Erasing erasing) {
    erased = erasing;
    begun++;
    begunFor = image;
    content = Bytes.EMPTY;
    finished = Optional.empty();
  }

  @Override
  public void resume(int image, long offset) {
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
    marks.add(mark);
    return Optional.of(ImageError.NO_IMAGE);
  }

  @Override
  public Optional<ImageError> erase(long slot) {
    return slot == 1 ? Optional.empty() : Optional.of(ImageError.BAD_SLOT);
  }
}
