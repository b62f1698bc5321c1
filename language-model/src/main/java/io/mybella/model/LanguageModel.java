package io.mybella.model;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.model.Dialect.Option;
import io.mybella.model.ModelFailure.Reason;
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
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A language model behind any endpoint that speaks OpenAI's chat completions
 * (https://platform.openai.com/docs/api-reference/chat/create). Behind a breaker, bounded in time
 * and size. A process that asks for different things has one of these all the same: what makes it
 * fail, and what it refuses, is the same for all of them.
 */
public final class LanguageModel {

  private static final Logger log = LoggerFactory.getLogger(LanguageModel.class);

  private final ModelProperties properties;
  private final JsonMapper json;
  private final HttpClient http;
  private final ModelBreaker breaker;
  private final ChatCompletion completion;
  private final MeterRegistry meters;

  /** Learned from the model's refusals; at worst it is learned again. */
  private volatile Dialect dialect = Dialect.COMMON;

  /**
   * A model.
   *
   * @param properties where it is and how it is asked; it must be configured before it is asked
   * @param breakers gets a breaker of the name {@code language-model}
   * @param meters gets {@code mybella.model.parameters.refused}, by {@code parameter}
   */
  public LanguageModel(
      ModelProperties properties,
      JsonMapper json,
      CircuitBreakerRegistry breakers,
      MeterRegistry meters) {
    this.properties = properties;
    this.meters = meters;
    this.json = json;
    this.completion = new ChatCompletion(json, properties);
    this.http = Endpoints.http(properties.baseUrl(), properties.connectTimeout());
    this.breaker = new ModelBreaker(breakers, "language-model");
    // So that a rate can be taken from the first one on.
    Dialect.parameters().forEach(this::refusals);
  }

  private Counter refusals(String parameter) {
    return meters.counter("mybella.model.parameters.refused", "parameter", parameter);
  }

  /**
   * Has the model answer piece by piece.
   *
   * @param pieces is handed the pieces, together not blank and not longer than was asked for; what
   *     it throws ends the transfer and is thrown on
   * @return what the answer took; not known of one that was ended at its bound
   * @throws ModelFailure when there is no answer, or it broke off after some pieces
   */
  public Usage stream(ModelRequest request, Consumer<String> pieces) throws ModelFailure {
    var delivery = new Delivery(request.maxCharacters(), pieces);
    dialect = ask(request, dialect, delivery);
    return delivery.usage();
  }

  /**
   * Has the model answer in one piece.
   *
   * @throws ModelFailure when there is no answer, or not all of it came
   */
  public Completion complete(ModelRequest request) throws ModelFailure {
    var text = new StringBuilder();
    var delivery = new Delivery(request.maxCharacters(), text::append);
    Dialect known = dialect;
    Dialect spoken = ask(request, known.without(Option.STREAM), delivery);
    dialect = known.has(Option.STREAM) ? spoken.with(Option.STREAM) : spoken;
    return new Completion(text.toString(), delivery.usage());
  }

  /** Asks when the breaker permits, and tells it how that went. */
  private Dialect ask(ModelRequest request, Dialect known, Delivery delivery) throws ModelFailure {
    long start = System.nanoTime();
    return breaker.judge(
        () -> {
          try {
            return askUntilTaken(request, known, delivery, start);
          } catch (ModelFailure failure) {
            log.warn("The model {} failed: {}", properties.name(), failure.getMessage());
            throw failure;
          }
        });
  }

  /**
   * Asks, and asks again without a parameter that the model does not take.
   *
   * @return what it takes
   */
  private Dialect askUntilTaken(ModelRequest request, Dialect known, Delivery delivery, long start)
      throws ModelFailure {
    Dialect spoken = known;
    Optional<String> refusal = exchange(request, spoken, delivery, start);
    while (refusal.isPresent()) {
      Dialect next =
          spoken
              .without(refusal.get())
              .orElseThrow(
                  () -> new ModelFailure(Reason.REJECTED, "The model refused the request"));
      log.warn("The model {} refuses {}; it is asked with {}", properties.name(), spoken, next);
      refusals(spoken.parameterNotIn(next)).increment();
      spoken = next;
      refusal = exchange(request, spoken, delivery, start);
    }
    return spoken;
  }

  /**
   * Has one request answered.
   *
   * @return what the model says when it refuses the request; empty after a reply
   */
  private Optional<String> exchange(
      ModelRequest asked, Dialect spoken, Delivery delivery, long start) throws ModelFailure {
    if (!spoken.has(Option.STREAM)) {
      // Its first token comes with its last.
      delivery.think();
    }
    try (var lines = new BodyLines()) {
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
          http.send(
              request(asked, spoken, deadline(delivery, start)),
              HttpResponse.BodyHandlers.ofPublisher());
      response.body().subscribe(lines);
      if (response.statusCode() == 400 || response.statusCode() == 422) {
        return Optional.of(whole(lines, deadline(delivery, start)));
      }
      ModelFailure.requireSuccess(response.statusCode());
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
          "The model replied nothing; its finish reason is '" + delivery.finishReason() + "'");
    }
    return Optional.empty();
  }

  private HttpRequest request(ModelRequest asked, Dialect spoken, long deadline)
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
            .header("Accept", spoken.has(Option.STREAM) ? "text/event-stream" : "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(completion.body(asked, spoken)));
    if (!properties.apiKey().isEmpty()) {
      request.header("Authorization", "Bearer " + properties.apiKey());
    }
    return request.build();
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
      delivery.count(event);
      finished |= choice.path("finish_reason").isString();
    }
    // Some servers leave [DONE] out; without a finish reason either, the stream was cut.
    if (!finished && !delivery.isFull()) {
      throw new ModelFailure(Reason.UNREACHABLE, "The stream of the model was cut");
    }
  }

  private void readWhole(BodyLines lines, Delivery delivery, long start)
      throws IOException, InterruptedException {
    JsonNode answer = json.readTree(whole(lines, deadline(delivery, start)));
    JsonNode choice = answer.path("choices").path(0);
    delivery.take(choice.path("message"));
    delivery.finish(choice);
    delivery.count(answer);
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
}
