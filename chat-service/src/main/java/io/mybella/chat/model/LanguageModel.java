package io.mybella.chat.model;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.chat.model.ModelFailure.Reason;
import io.mybella.chat.prompt.Prompt;
import io.mybella.contracts.TextLimits;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A language model behind any endpoint that speaks OpenAI's streamed chat completions
 * (https://platform.openai.com/docs/api-reference/chat/create). Behind a breaker, bounded in time
 * and size.
 */
@Component
public class LanguageModel {

  private static final int MAX_REPLY = TextLimits.REPLY;

  private static final Logger log = LoggerFactory.getLogger(LanguageModel.class);

  private final ModelProperties properties;
  private final JsonMapper json;
  private final HttpClient http;
  private final CircuitBreaker breaker;
  private final ChatCompletion completion;
  private final MeterRegistry meters;

  /** Learned from the model's refusals; at worst it is learned again. */
  private volatile Dialect dialect = Dialect.COMMON;

  LanguageModel(
      ModelProperties properties,
      JsonMapper json,
      CircuitBreakerRegistry breakers,
      MeterRegistry meters) {
    this.properties = properties;
    this.meters = meters;
    this.json = json;
    this.completion = new ChatCompletion(json, properties);
    this.http =
        HttpClient.newBuilder()
            // Model servers on plain HTTP stumble over the upgrade to HTTP/2 that is offered else.
            .version(
                properties.baseUrl().startsWith("https:")
                    ? HttpClient.Version.HTTP_2
                    : HttpClient.Version.HTTP_1_1)
            .connectTimeout(properties.connectTimeout())
            .followRedirects(HttpClient.Redirect.NEVER)
            .build();
    this.breaker =
        breakers.circuitBreaker(
            "language-model",
            CircuitBreakerConfig.custom()
                .slidingWindowSize(10)
                .minimumNumberOfCalls(5)
                .failureRateThreshold(50)
                .waitDurationInOpenState(Duration.ofSeconds(15))
                .permittedNumberOfCallsInHalfOpenState(1)
                .build());
  }

  /** Whether there is a model at all. */
  public boolean isConfigured() {
    return !properties.baseUrl().isEmpty();
  }

  /** The name of the model. */
  public String name() {
    return properties.name();
  }

  /**
   * Has the model reply.
   *
   * @param prompt what it is given
   * @param pieces is handed the reply piece by piece, together not blank and at most {@link
   *     TextLimits#REPLY} characters; what it throws ends the transfer and is thrown on
   * @throws ModelFailure when there is no reply, or it broke off after some pieces
   */
  public void reply(Prompt prompt, Consumer<String> pieces) throws ModelFailure {
    if (!breaker.tryAcquirePermission()) {
      throw new ModelFailure(Reason.BREAKER_OPEN, "The model failed too often");
    }
    long start = System.nanoTime();
    boolean judged = false;
    try {
      ask(prompt, new Delivery(pieces), start);
      breaker.onSuccess(System.nanoTime() - start, TimeUnit.NANOSECONDS);
      judged = true;
    } catch (ModelFailure failure) {
      log.warn("The model {} failed: {}", properties.name(), failure.getMessage());
      // A refused request says something about the request, not about the model.
      if (failure.reason() != Reason.REJECTED) {
        breaker.onError(System.nanoTime() - start, TimeUnit.NANOSECONDS, failure);
        judged = true;
      }
      throw failure;
    } finally {
      if (!judged) {
        breaker.releasePermission();
      }
    }
  }

  /** Asks, and asks again without a parameter that the model does not take. */
  private void ask(Prompt prompt, Delivery delivery, long start) throws ModelFailure {
    Dialect spoken = dialect;
    Optional<String> refusal = exchange(prompt, spoken, delivery, start);
    while (refusal.isPresent()) {
      Dialect next =
          spoken
              .without(refusal.get())
              .orElseThrow(
                  () -> new ModelFailure(Reason.REJECTED, "The model refused the request"));
      log.warn("The model {} refuses {}; it is asked with {}", properties.name(), spoken, next);
      meters
          .counter(
              "mybella.chat.model.parameters.refused",
              "parameter",
              spoken.streams() == next.streams() ? String.valueOf(spoken.bound()) : "stream")
          .increment();
      spoken = next;
      refusal = exchange(prompt, spoken, delivery, start);
    }
    dialect = spoken;
  }

  /**
   * Has one request answered.
   *
   * @return what the model says when it refuses the request; empty after a reply
   */
  private Optional<String> exchange(Prompt prompt, Dialect spoken, Delivery delivery, long start)
      throws ModelFailure {
    if (!spoken.streams()) {
      // Its first token comes with its last.
      delivery.think();
    }
    try (var lines = new BodyLines()) {
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
          http.send(
              request(prompt, spoken, deadline(delivery, start)),
              HttpResponse.BodyHandlers.ofPublisher());
      response.body().subscribe(lines);
      if (response.statusCode() == 400 || response.statusCode() == 422) {
        return Optional.of(whole(lines, deadline(delivery, start)));
      }
      requireSuccess(response.statusCode());
      String type = response.headers().firstValue("content-type").orElse("");
      if (type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
        readWhole(lines, delivery, start);
      } else if (type.toLowerCase(Locale.ROOT).startsWith("text/event-stream")) {
        readStream(lines, delivery, start);
      } else {
        throw protocolError("The model answered with the type '" + type + "'");
      }
    } catch (HttpTimeoutException late) {
      throw new ModelFailure(Reason.TIMEOUT, "The model takes too long", late);
    } catch (IOException lost) {
      throw new ModelFailure(Reason.UNREACHABLE, "The connection to the model failed", lost);
    } catch (JacksonException garbled) {
      throw new ModelFailure(Reason.PROTOCOL_ERROR, "The model sent no JSON", garbled);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ModelFailure(Reason.UNREACHABLE, "Interrupted while the model replied", stopped);
    }
    if (!delivery.isStarted()) {
      throw protocolError(
          "The model replied nothing; its finish reason is '" + delivery.finishReason + "'");
    }
    return Optional.empty();
  }

  private HttpRequest request(Prompt prompt, Dialect spoken, long deadline)
      throws HttpTimeoutException {
    Duration left = Duration.ofNanos(deadline - System.nanoTime());
    if (!left.isPositive()) {
      throw new HttpTimeoutException("No time is left");
    }
    String base = properties.baseUrl();
    URI uri = URI.create((base.endsWith("/") ? base : base + "/") + "chat/completions");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(left)
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(completion.body(prompt, spoken)));
    if (!properties.apiKey().isEmpty()) {
      request.header("Authorization", "Bearer " + properties.apiKey());
    }
    return request.build();
  }

  private static void requireSuccess(int status) throws ModelFailure {
    if (status == 200) {
      return;
    }
    Reason reason =
        switch (status) {
          case 401, 403 -> Reason.UNAUTHORIZED;
          case 429 -> Reason.RATE_LIMITED;
          case 408 -> Reason.TIMEOUT;
          default -> {
            if (status >= 500) {
              yield Reason.SERVER_ERROR;
            }
            yield status >= 400 ? Reason.REJECTED : Reason.PROTOCOL_ERROR;
          }
        };
    throw new ModelFailure(reason, "The model answered with status " + status);
  }

  private void readStream(BodyLines lines, Delivery delivery, long start)
      throws ModelFailure, IOException, InterruptedException {
    boolean finished = false;
    while (!delivery.isFull()) {
      String line = lines.next(deadline(delivery, start));
      if (line == null) {
        break;
      }
      // Everything else is a comment that keeps the connection alive, or an empty line.
      if (!line.startsWith("data:")) {
        continue;
      }
      String data = line.substring("data:".length()).strip();
      if (data.equals("[DONE]")) {
        return;
      }
      JsonNode event = json.readTree(data);
      if (event.has("error")) {
        throw new ModelFailure(Reason.SERVER_ERROR, "The model reported an error midway");
      }
      JsonNode choice = event.path("choices").path(0);
      delivery.take(choice.path("delta"));
      delivery.finish(choice);
      finished |= choice.path("finish_reason").isString();
    }
    // Some servers leave [DONE] out; without a finish reason either, the stream was cut.
    if (!finished && !delivery.isFull()) {
      throw new ModelFailure(Reason.UNREACHABLE, "The stream of the model was cut");
    }
  }

  private void readWhole(BodyLines lines, Delivery delivery, long start)
      throws IOException, InterruptedException {
    JsonNode choice =
        json.readTree(whole(lines, deadline(delivery, start))).path("choices").path(0);
    delivery.take(choice.path("message"));
    delivery.finish(choice);
  }

  private static String whole(BodyLines lines, long deadline)
      throws IOException, InterruptedException {
    var body = new StringBuilder();
    String line;
    while ((line = lines.next(deadline)) != null) {
      body.append(line).append('\n');
    }
    return body.toString();
  }

  private long deadline(Delivery delivery, long start) {
    Duration limit = delivery.isAlive() ? properties.timeout() : properties.firstTokenTimeout();
    return start + limit.toNanos();
  }

  private static ModelFailure protocolError(String message) {
    return new ModelFailure(Reason.PROTOCOL_ERROR, message);
  }

  /** Hands a reply on: storable, without blank pieces before the first word, bounded. */
  private static final class Delivery {

    private final Consumer<String> pieces;
    private final TextMender mender = new TextMender();
    private int delivered;
    private boolean thinks;
    private String finishReason = "";

    private Delivery(Consumer<String> pieces) {
      this.pieces = pieces;
    }

    /** A message or a part of one: its text, or the text by which the model declines. */
    private void take(JsonNode message) {
      if (!text(message, "reasoning_content").isEmpty() || !text(message, "reasoning").isEmpty()) {
        think();
      }
      piece(text(message, "content"));
      piece(text(message, "refusal"));
    }

    private static String text(JsonNode message, String field) {
      JsonNode text = message.path(field);
      return text.isString() ? text.stringValue() : "";
    }

    private void finish(JsonNode choice) {
      JsonNode reason = choice.path("finish_reason");
      if (reason.isString()) {
        finishReason = reason.stringValue();
      }
    }

    /** The model works before it says its first word; what it thinks is nobody's to see. */
    private void think() {
      thinks = true;
    }

    private void piece(String received) {
      String text = mender.next(received);
      if (delivered == 0) {
        text = text.stripLeading();
      }
      if (text.length() > MAX_REPLY - delivered) {
        int end = MAX_REPLY - delivered;
        text = text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end);
        delivered = MAX_REPLY;
      } else {
        delivered += text.length();
      }
      if (!text.isEmpty()) {
        pieces.accept(text);
      }
    }

    private boolean isAlive() {
      return thinks || isStarted();
    }

    private boolean isStarted() {
      return delivered > 0;
    }

    private boolean isFull() {
      return delivered >= MAX_REPLY;
    }
  }
}
