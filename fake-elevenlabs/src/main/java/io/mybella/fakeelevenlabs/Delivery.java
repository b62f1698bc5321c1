package io.mybella.fakeelevenlabs;

import com.sun.net.httpserver.HttpExchange;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Writes answers as a {@link Behaviour} wants them written. */
final class Delivery {

  private static final int PIECE_BYTES = 1_000;
  private static final long MOST_BYTES = 1L << 30;

  /** However long somebody stays silent on purpose, it ends. */
  private static final Duration LONGEST_SILENCE = Duration.ofMinutes(10);

  private volatile CountDownLatch silence = new CountDownLatch(1);

  /** Ends whatever is silent or endless now. */
  void endSilence() {
    CountDownLatch ended = silence;
    silence = new CountDownLatch(1);
    ended.countDown();
  }

  /**
   * Answers a request.
   *
   * @param how the way, of which faults may need no answer at all
   * @param answer makes the answer as it should be
   * @throws IOException when the connection is lost, or is to be dropped: the server closes it then
   *     without the last chunk
   * @throws ApiError when the request is refused, which is yet to be sent
   */
  void deliver(HttpExchange exchange, Behaviour how, Answer answer) throws IOException, ApiError {
    switch (how) {
      case Behaviour.Fails fails ->
          send(
              exchange,
              ApiError.onPurpose(fails.status(), fails.code(), fails.retryAfter()).reply());
      case Behaviour.FailsAsBefore fails ->
          send(exchange, ApiError.older(fails.status(), fails.statusText()).reply());
      case Behaviour.Answers answers ->
          send(
              exchange,
              new Reply(
                  answers.status(),
                  answers.contentType(),
                  java.util.Map.of(),
                  Content.of(answers.body())));
      case Behaviour.Ignores _ -> {
        await(silence);
        exchange.close();
      }
      case Behaviour.FailsAtFirst _ -> throw new IllegalArgumentException("not decided");
      default -> answer.give(reply -> write(exchange, how, reply));
    }
  }

  private void write(HttpExchange exchange, Behaviour how, Reply reply) throws IOException {
    long length = reply.content().length();
    switch (how) {
      case Behaviour.SpeaksSlowly slowly -> {
        pause(slowly.first());
        head(exchange, reply);
        write(exchange, reply.content(), length, slowly.between());
        exchange.getResponseBody().close();
      }
      case Behaviour.StaysSilent _ -> {
        head(exchange, reply);
        exchange.getResponseBody().flush();
        await(silence);
      }
      case Behaviour.Stalls _ -> {
        head(exchange, reply);
        write(exchange, reply.content(), length / 2, Duration.ZERO);
        await(silence);
      }
      case Behaviour.BreaksOff breaks -> {
        head(exchange, reply);
        write(exchange, reply.content(), length / 2, Duration.ZERO);
        await(breaks.now());
        // Closing the exchange would write the last chunk; a handler that fails drops the line.
        throw new IOException("cut off on purpose");
      }
      case Behaviour.NeverEnds _ -> {
        head(exchange, reply);
        write(exchange, reply.content(), MOST_BYTES, Duration.ZERO);
        throw new IOException("a gibibyte is enough");
      }
      default -> {
        head(exchange, reply);
        write(exchange, reply.content(), length, Duration.ZERO);
        exchange.getResponseBody().close();
      }
    }
  }

  /** Writes that many bytes in chunks; the content goes on with its piece where it is shorter. */
  private void write(HttpExchange exchange, Content content, long bytes, Duration between)
      throws IOException {
    OutputStream out = exchange.getResponseBody();
    CountDownLatch stop = silence;
    byte[] chunk = new byte[PIECE_BYTES];
    for (long at = 0; at < bytes && (bytes < MOST_BYTES || stop.getCount() > 0); ) {
      int size = (int) Math.min(PIECE_BYTES, bytes - at);
      for (int i = 0; i < size; i++) {
        chunk[i] = content.at(at + i);
      }
      if (at > 0) {
        pause(between);
      }
      out.write(chunk, 0, size);
      out.flush();
      at += size;
    }
  }

  /** Sends a whole answer with its length. */
  static void send(HttpExchange exchange, Reply reply) throws IOException {
    byte[] bytes = reply.content().bytes();
    headers(exchange, reply);
    exchange.sendResponseHeaders(reply.status(), bytes.length == 0 ? -1 : bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static void head(HttpExchange exchange, Reply reply) throws IOException {
    headers(exchange, reply);
    exchange.sendResponseHeaders(reply.status(), 0);
  }

  private static void headers(HttpExchange exchange, Reply reply) {
    exchange.getResponseHeaders().set("Content-Type", reply.mediaType());
    exchange.getResponseHeaders().set("request-id", ApiError.requestId());
    reply.headers().forEach(exchange.getResponseHeaders()::set);
  }

  private void pause(Duration time) throws IOException {
    if (time.isPositive()) {
      await(silence, time);
    }
  }

  /** Waits until somebody ends it, ten minutes at most. */
  static void await(CountDownLatch latch) throws IOException {
    await(latch, LONGEST_SILENCE);
  }

  private static void await(CountDownLatch latch, Duration limit) throws IOException {
    try {
      boolean ended = latch.await(limit.toMillis(), TimeUnit.MILLISECONDS);
      if (!ended && limit.equals(LONGEST_SILENCE)) {
        throw new IOException("silent for " + limit);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** Makes an answer, and holds what it takes until that is written. */
  @FunctionalInterface
  interface Answer {
    void give(Way way) throws IOException, ApiError;
  }

  /** Writes an answer. */
  @FunctionalInterface
  interface Way {
    void write(Reply reply) throws IOException;
  }
}
