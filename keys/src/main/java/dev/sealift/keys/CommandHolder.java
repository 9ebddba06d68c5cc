// SPDX-License-Identifier: Apache-2.0
package dev.sealift.keys;

import dev.sealift.bytes.Bytes;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A program that signs what comes on its standard input. It gets so much time, and so many bytes
/// of output are taken; what it says on its standard error is shown if it fails.
final class CommandHolder implements Holder {
  /// Far above the largest signature (2420 bytes).
  static final int OUTPUT_BYTES_MAX = 16 * 1024;

  /// The rest is read and dropped.
  static final int COMPLAINT_CHARACTERS_MAX = 500;

  private static final int COMPLAINT_SECONDS_MAX = 1;

  /// Pipes block, so each has a thread of its own; they end with the process at the latest.
  private static final Executor PIPES =
      task -> Thread.ofPlatform().daemon().name("pipe of a signing command").start(task);

  private final List<String> words;
  private final Duration timeMax;

  CommandHolder(List<String> words, Duration timeMax) {
    this.words = words;
    this.timeMax = timeMax;
  }

  @Override
  public Bytes sign(Bytes message) throws IOException {
    Process process = new ProcessBuilder(words).start();
    try {
      return answer(process, message);
    } catch (TimeoutException e) {
      throw new IOException("no answer within %s".formatted(inWords(timeMax)), e);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UncheckedIOException io) {
        throw io.getCause();
      }
      throw new IllegalStateException(e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    } finally {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
  }

  private Bytes answer(Process process, Bytes message)
      throws IOException, ExecutionException, InterruptedException, TimeoutException {
    PIPES.execute(() -> feed(process.getOutputStream(), message));
    CompletableFuture<Bytes> output =
        CompletableFuture.supplyAsync(
            () -> start(process.getInputStream(), OUTPUT_BYTES_MAX + 1), PIPES);
    CompletableFuture<Bytes> complaint =
        CompletableFuture.supplyAsync(
            () -> whole(process.getErrorStream(), 4 * COMPLAINT_CHARACTERS_MAX), PIPES);
    CompletableFuture.allOf(process.onExit(), output)
        .get(timeMax.toMillis(), TimeUnit.MILLISECONDS);
    if (output.join().size() > OUTPUT_BYTES_MAX) {
      throw new IOException("more than %d bytes came back".formatted(OUTPUT_BYTES_MAX));
    }
    if (process.exitValue() != 0) {
      // What the program left running may hold the pipe open for long.
      complaint.completeOnTimeout(Bytes.EMPTY, COMPLAINT_SECONDS_MAX, TimeUnit.SECONDS);
      throw new IOException(
          "exit code %d%s".formatted(process.exitValue(), shown(complaint.join())));
    }
    return output.join();
  }

  /// A program that does not read all of it may still answer well: that is seen by the answer.
  private static void feed(OutputStream in, Bytes message) {
    try (in) {
      message.writeTo(in);
    } catch (IOException _) {
      // The pipe is closed at the other end.
    }
  }

  /// Closed behind what is taken: a program that goes on writing is ended by that.
  private static Bytes start(InputStream out, int bytesMax) {
    try (out) {
      return Bytes.owning(out.readNBytes(bytesMax));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Bytes whole(InputStream err, int bytesMax) {
    try (err) {
      Bytes start = Bytes.owning(err.readNBytes(bytesMax));
      err.transferTo(OutputStream.nullOutputStream());
      return start;
    } catch (IOException _) {
      return Bytes.EMPTY;
    }
  }

  /// On one line, without what could play tricks with a terminal.
  private static String shown(Bytes complaint) {
    String text =
        new String(complaint.toArray(), StandardCharsets.UTF_8)
            .replaceAll("\\s+", " ")
            .replaceAll("\\p{Cntrl}", "")
            .strip();
    return text.isEmpty()
        ? ""
        : ": " + text.substring(0, Math.min(text.length(), COMPLAINT_CHARACTERS_MAX));
  }

  private static String inWords(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + " s" : time.toMillis() + " ms";
  }
}
