package io.mybella.chat.model;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chat.model.ModelFailure.Reason;
import io.mybella.chat.prompt.Prompt;
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

  /** What memory-service stores of one message at most, in characters. */
  static final int MAX_REPLY = 8_000;

  private static final Logger log = LoggerFactory.getLogger(LanguageModel.class);

  private final ModelProperties properties;
  private final JsonMapper json;
  private final HttpClient http;
  private final CircuitBreaker breaker;
  private final ChatCompletion completion;

  LanguageModel(ModelProperties properties, JsonMapper json, CircuitBreakerRegistry breakers) {
    this.properties = properties;
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
   *     #MAX_REPLY} characters; what it throws ends the transfer and is thrown on
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

  private void ask(Prompt prompt, Delivery delivery, long start) throws ModelFailure {
    try (var lines = new BodyLines()) {
      HttpResponse<Flow.Publisher<List<ByteBuffer>>> response =
          http.send(request(prompt), HttpResponse.BodyHandlers.ofPublisher());
      response.body().subscribe(lines);
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
      throw protocolError("The model replied nothing");
    }
  }

  private HttpRequest request(Prompt prompt) {
    String base = properties.baseUrl();
    URI uri = URI.create((base.endsWith("/") ? base : base + "/") + "chat/completions");
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(properties.firstTokenTimeout())
            .header("Content-Type", "application/json")
            .header("Accept", "text/event-stream")
            .POST(HttpRequest.BodyPublishers.ofString(completion.body(prompt)));
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
      delivery.piece(choice.path("delta").path("content").asString(""));
      finished |= choice.path("finish_reason").isString();
    }
    // Some servers leave [DONE] out; without a finish reason either, the stream was cut.
    if (!finished && !delivery.isFull()) {
      throw new ModelFailure(Reason.UNREACHABLE, "The stream of the model was cut");
    }
  }

  private void readWhole(BodyLines lines, Delivery delivery, long start)
      throws IOException, InterruptedException {
    var body = new StringBuilder();
    String line;
    while ((line = lines.next(deadline(delivery, start))) != null) {
      body.append(line).append('\n');
    }
    delivery.piece(json.readTree(body.toString()).at("/choices/0/message/content").asString(""));
  }

  private long deadline(Delivery delivery, long start) {
    Duration limit = delivery.isStarted() ? properties.timeout() : properties.firstTokenTimeout();
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

    private Delivery(Consumer<String> pieces) {
      this.pieces = pieces;
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

    private boolean isStarted() {
      return delivered > 0;
    }

    private boolean isFull() {
      return delivered >= MAX_REPLY;
    }
  }
}
