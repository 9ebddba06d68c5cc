// SPDX-License-Identifier: Apache-2.0
package dev.sealift.transport;

import dev.sealift.bytes.Bytes;
import dev.sealift.smp.Answer;
import dev.sealift.smp.BootMode;
import dev.sealift.smp.ImageError;
import dev.sealift.smp.Images;
import dev.sealift.smp.server.Hooks;
import dev.sealift.smp.server.ImageStore;
import dev.sealift.smp.server.SmpServer;
import dev.sealift.smp.server.SystemFacts;
import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;

/// A store that keeps what an upload brings, and servers in front of it.
public final class Collecting implements ImageStore {
  private Bytes content = Bytes.EMPTY;
  private Optional<Bytes> finished = Optional.empty();

  public Collecting() {}

  /// What has arrived whole.
  public Optional<Bytes> finished() {
    return finished;
  }

  public SmpServer server(int bufferSize, int bufferCount) {
    return server(bufferSize, bufferCount, Hooks.NONE);
  }

  public SmpServer server(int bufferSize, int bufferCount, Hooks hooks) {
    return new SmpServer(
        new SmpServer.Setup(bufferSize, bufferCount),
        SystemFacts.of(SystemFacts.Info.of("test"), BootMode.SWAP_MOVE),
        this,
        List.of(),
        hooks,
        _ -> {});
  }

  /// Looks like an image: the magic and noise.
  public static Bytes image(int size) {
    byte[] noise = new byte[size];
    new SplittableRandom(size).nextBytes(noise);
    Bytes.ofHex("3db8f396").copyTo(noise, 0);
    return Bytes.owning(noise);
  }

  /// A server that was built without the command that tells its buffers.
  public static final class NoParameters implements Hooks {
    public NoParameters() {}

    @Override
    public Entry connection(dev.sealift.smp.server.LinkId link) {
      return Entry.ALLOWED;
    }

    @Override
    public CommandVerdict command(int group, int command, int operation) {
      return group == 0 && command == 6
          ? new CommandVerdict.Refuse(
              new Answer.Protocol(Answer.ResultCode.NOT_SUPPORTED, Optional.empty()))
          : new CommandVerdict.Proceed();
    }

    @Override
    public ChunkVerdict chunk(Images.Upload chunk, long expectedOffset) {
      return new ChunkVerdict.Proceed();
    }

    @Override
    public void notice(Notice notice) {}
  }

  @Override
  public int images() {
    return 1;
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
  public Optional<ImageError> uploadRefusal(int image) {
    return Optional.empty();
  }

  @Override
  public long uploadSizeMax(int image) {
    return 1 << 20;
  }

  @Override
  public int compareWithRunning(Bytes header) {
    return 1;
  }

  @Override
  public void begin(int image, Erasing erasing) {
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
  }

  @Override
  public Optional<ImageError> mark(Mark mark) {
    return Optional.of(ImageError.NO_IMAGE);
  }

  @Override
  public Optional<ImageError> erase(long slot) {
    return Optional.empty();
  }
}
