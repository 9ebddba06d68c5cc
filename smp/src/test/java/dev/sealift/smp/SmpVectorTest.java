// SPDX-License-Identifier: Apache-2.0
package dev.sealift.smp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sealift.bytes.Bytes;
import dev.sealift.bytes.MalformedException;
import dev.sealift.bytes.cbor.Cbor;
import dev.sealift.bytes.cbor.CborFields;
import dev.sealift.bytes.cbor.CborItem;
import dev.sealift.bytes.cbor.CborMap;
import dev.sealift.bytes.cbor.CborNull;
import dev.sealift.bytes.cbor.CborText;
import dev.sealift.testkit.Vectors;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/// Recorded sessions of real servers: every request written byte for byte, every answer read.
class SmpVectorTest {
  private record Exchange(String where, Bytes request, Optional<Bytes> response) {}

  /// How the exchanges of one group were judged.
  private static final class Counts {
    private int exchanges;
    private int typedRequests;
    private int genericRequests;
    private int results;
    private int refusals;
    private int silence;
    private int genericAnswers;
  }

  @Test
  void recorded_requests_are_byte_equal_and_answers_equal_as_values() throws Exception {
    Map<String, Counts> counts = new TreeMap<>();
    List<Exchange> exchanges = exchanges();
    assertThat(exchanges).as("exchanges in the folder").isNotEmpty();
    for (Exchange exchange : exchanges) {
      judge(exchange, counts);
    }
    System.out.printf(
        "%-10s %9s %7s %9s %8s %8s %8s %8s%n",
        "group",
        "exchanges",
        "typed",
        "untyped",
        "results",
        "refused",
        "silence",
        "untyped answers");
    counts.forEach(
        (group, c) ->
            System.out.printf(
                "%-10s %9d %7d %9d %8d %8d %8d %8d%n",
                group,
                c.exchanges,
                c.typedRequests,
                c.genericRequests,
                c.results,
                c.refusals,
                c.silence,
                c.genericAnswers));
  }

  private static void judge(Exchange exchange, Map<String, Counts> counts) throws Exception {
    Optional<SmpMessage> request = readable(exchange.request());
    if (request.isEmpty()) {
      // Shorter than a header, or damaged on purpose: all that can be said is what came back.
      Counts c = counts.computeIfAbsent("damaged", _ -> new Counts());
      c.exchanges++;
      c.genericRequests++;
      judgeAnswer(exchange, Optional.empty(), c);
      return;
    }
    SmpMessage message = request.get();
    Counts c =
        counts.computeIfAbsent(
            Group.ofNumber(message.header().group())
                .map(Enum::name)
                .orElse("group " + message.header().group()),
            _ -> new Counts());
    c.exchanges++;
    assertThat(message.write()).as(exchange.where()).isEqualTo(exchange.request());
    Optional<Request<?>> typed = typed(message);
    if (typed.isPresent()) {
      c.typedRequests++;
      CborMap fields = typed.get().fields();
      assertThat(fields).as(exchange.where() + ": fields").isEqualTo(message.fields());
      assertThat(message.header().key())
          .as(exchange.where() + ": command")
          .contains(typed.get().command());
      assertThat(
              new SmpMessage(
                      message.header(),
                      message.payload().map(recorded -> inOrderOf(recorded, fields)))
                  .write())
          .as(exchange.where() + ": written from the typed request")
          .isEqualTo(exchange.request());
    } else {
      c.genericRequests++;
    }
    judgeAnswer(exchange, typed, c);
  }

  private static void judgeAnswer(Exchange exchange, Optional<Request<?>> typed, Counts c)
      throws MalformedException {
    if (exchange.response().isEmpty()) {
      c.silence++;
      return;
    }
    SmpMessage answer = SmpMessage.read(exchange.response().get());
    // As values: the servers write indefinite maps, we definite ones.
    CborItem recorded = Cbor.lenient(exchange.response().get().from(SmpHeader.SIZE));
    assertThat(Cbor.lenient(Cbor.encode(answer.fields()))).as(exchange.where()).isEqualTo(recorded);
    Optional<Answer.Reason> reason = Answer.reason(answer.fields());
    if (reason.isPresent()) {
      assertThat(reason.get().explain()).as(exchange.where()).isNotBlank();
      c.refusals++;
    } else if (typed.isPresent() && isWellAsked(typed.get())) {
      c.results++;
      judgeResult(exchange, typed.get(), answer.fields());
    } else {
      c.genericAnswers++;
    }
  }

  private static <R extends Reply> void judgeResult(
      Exchange exchange, Request<R> request, CborMap fields) throws MalformedException {
    switch (Answer.read(request, fields)) {
      case Answer.Done<R>(var result) ->
          assertThat(result.fields())
              .as(exchange.where() + ": answer")
              .isEqualTo(Fields.without(fields, "rc"));
      case Answer.Refused<R> refused ->
          throw new AssertionError(exchange.where() + ": read as a refusal " + refused);
    }
  }

  /// A typed request that says only what its command knows; recordings also hold odd ones.
  private static boolean isWellAsked(Request<?> request) {
    return !(request instanceof Images.Upload upload) || upload.data().isPresent();
  }

  /// Requests that lack or mistype a field stay what they are: a message.
  private static Optional<Request<?>> typed(SmpMessage message) {
    return message
        .header()
        .key()
        .flatMap(Command::of)
        .flatMap(
            command -> {
              try {
                Request<?> request = command.read(message.fields());
                return request.fields().equals(message.fields())
                    ? Optional.of(request)
                    : Optional.empty();
              } catch (MalformedException _) {
                return Optional.empty();
              }
            });
  }

  private static Optional<SmpMessage> readable(Bytes packet) {
    try {
      SmpMessage message = SmpMessage.read(packet);
      return message.write().equals(packet) ? Optional.of(message) : Optional.empty();
    } catch (MalformedException _) {
      return Optional.empty();
    }
  }

  private static CborMap inOrderOf(CborMap recorded, CborMap fields) {
    CborMap.Builder ordered = CborMap.builder();
    recorded.entries().keySet().forEach(key -> ordered.put(key, fields.get(key).orElseThrow()));
    return ordered.build();
  }

  private static List<Exchange> exchanges() throws IOException, MalformedException {
    Vectors vectors = Vectors.of("smp");
    List<Exchange> exchanges = new ArrayList<>();
    try (Stream<Path> files = Files.list(vectors.folder())) {
      for (Path file : files.filter(f -> f.toString().endsWith(".json")).sorted().toList()) {
        String name = String.valueOf(file.getFileName());
        CborFields session = CborFields.of(vectors.json(name), name);
        for (CborItem item : session.list("exchanges")) {
          CborFields one = CborFields.of(item, name);
          CborItem response = one.required(new CborText("response"));
          exchanges.add(
              new Exchange(
                  name + ": " + one.text("name"),
                  Bytes.ofHex(one.text("request")),
                  response instanceof CborNull
                      ? Optional.empty()
                      : Optional.of(Bytes.ofHex(one.text("response")))));
        }
      }
    }
    return exchanges;
  }
}
