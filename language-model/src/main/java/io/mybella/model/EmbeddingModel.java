package io.mybella.model;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.model.ModelFailure.Reason;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A model that makes vectors of texts, behind any endpoint that speaks OpenAI's embeddings
 * (https://platform.openai.com/docs/api-reference/embeddings/create). Behind a breaker, bounded in
 * time and size.
 */
public final class EmbeddingModel {

  private static final Logger log = LoggerFactory.getLogger(EmbeddingModel.class);

  /** Texts of one request at most: their vectors fit into the body that is read at most. */
  public static final int MOST = 64;

  /** The numbers of one vector at most. */
  public static final int MOST_DIMENSIONS = 4_096;

  private static final int MAX_BODY = 8 * 1024 * 1024;

  /**
   * Which vectors are wanted.
   *
   * @param model its name
   * @param dimensions how many numbers each is to have; 0 as many as the model has
   */
  public record Kind(String model, int dimensions) {}

  private final EmbeddingProperties properties;
  private final JsonMapper json;
  private final HttpClient http;
  private final ModelBreaker breaker;

  /**
   * A model.
   *
   * @param properties where it is; it must be configured
   * @param breakers gets a breaker of the name {@code embedding-model}
   */
  public EmbeddingModel(
      EmbeddingProperties properties, JsonMapper json, CircuitBreakerRegistry breakers) {
    this.properties = properties;
    this.json = json;
    this.http = Endpoints.http(properties.baseUrl(), properties.connectTimeout());
    this.breaker = new ModelBreaker(breakers, "embedding-model");
  }

  /**
   * The vectors of texts, in their order and all of the same number of dimensions.
   *
   * @param texts none of them blank, {@value #MOST} at most
   * @param limit until they are there
   * @throws ModelFailure when there are none
   */
  public List<float[]> vectors(Kind kind, List<String> texts, Duration limit) throws ModelFailure {
    if (texts.isEmpty() || texts.size() > MOST) {
      throw new IllegalArgumentException("Not a batch: " + texts.size());
    }
    return breaker.judge(() -> made(kind, texts, limit));
  }

  private List<float[]> made(Kind kind, List<String> texts, Duration limit) throws ModelFailure {
    try {
      return exchange(kind, texts, limit);
    } catch (ModelFailure failure) {
      log.warn("The model {} made no vectors: {}", kind.model(), failure.getMessage());
      throw failure;
    }
  }

  private List<float[]> exchange(Kind kind, List<String> texts, Duration limit)
      throws ModelFailure {
    HttpResponse<String> response = send(request(kind, texts, limit), limit);
    ModelFailure.requireSuccess(response.statusCode());
    try {
      return read(json.readTree(response.body()).path("data"), kind, texts.size());
    } catch (JacksonException garbled) {
      throw new ModelFailure(Reason.PROTOCOL_ERROR, "The model sent no JSON", garbled);
    }
  }

  /** The timeout of a request ends with the headers; this one with the body. */
  private HttpResponse<String> send(HttpRequest request, Duration limit) throws ModelFailure {
    CompletableFuture<HttpResponse<String>> answer =
        http.sendAsync(request, BodyHandlers.limiting(BodyHandlers.ofString(), MAX_BODY));
    try {
      return answer.get(limit.toNanos(), TimeUnit.NANOSECONDS);
    } catch (TimeoutException late) {
      throw new ModelFailure(Reason.TIMEOUT, "The model takes too long", late);
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof HttpTimeoutException
          ? new ModelFailure(Reason.TIMEOUT, "The model takes too long", failed)
          : new ModelFailure(Reason.UNREACHABLE, "The connection to the model failed", failed);
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
      throw new ModelFailure(Reason.UNREACHABLE, "Interrupted while the model answered", stopped);
    } finally {
      answer.cancel(true);
    }
  }

  private HttpRequest request(Kind kind, List<String> texts, Duration limit) {
    ObjectNode body = json.createObjectNode();
    body.put("model", kind.model());
    body.put("encoding_format", "float");
    if (kind.dimensions() > 0) {
      body.put("dimensions", kind.dimensions());
    }
    texts.forEach(body.putArray("input")::add);
    String base = properties.baseUrl();
    HttpRequest.Builder request =
        HttpRequest.newBuilder(URI.create((base.endsWith("/") ? base : base + "/") + "embeddings"))
            .timeout(limit)
            .header("Content-Type", "application/json")
            .header("Accept", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(json.writeValueAsString(body)));
    if (!properties.apiKey().isEmpty()) {
      request.header("Authorization", "Bearer " + properties.apiKey());
    }
    return request.build();
  }

  /** Each says which text it belongs to; they need not come in order. */
  private static List<float[]> read(JsonNode data, Kind kind, int number) throws ModelFailure {
    List<float @Nullable []> vectors = new ArrayList<>(Collections.nCopies(number, null));
    for (JsonNode each : data) {
      int index = each.path("index").asInt(-1);
      if (index < 0 || index >= number) {
        throw protocolError("The model sent a vector of no text");
      }
      vectors.set(index, vector(each.path("embedding")));
    }
    List<float[]> complete = new ArrayList<>(number);
    for (float[] each : vectors) {
      if (each == null
          || (kind.dimensions() > 0 && each.length != kind.dimensions())
          || (!complete.isEmpty() && each.length != complete.getFirst().length)) {
        throw protocolError("The model sent no vectors of the size that was asked for");
      }
      complete.add(each);
    }
    return complete;
  }

  private static float[] vector(JsonNode numbers) throws ModelFailure {
    if (numbers.size() == 0 || numbers.size() > MOST_DIMENSIONS) {
      throw protocolError("The model sent a vector of %d numbers".formatted(numbers.size()));
    }
    float[] vector = new float[numbers.size()];
    for (int i = 0; i < vector.length; i++) {
      JsonNode number = numbers.get(i);
      vector[i] = number.isNumber() ? number.floatValue() : Float.NaN;
      if (!Float.isFinite(vector[i])) {
        throw protocolError("The model sent a vector of something else than numbers");
      }
    }
    return vector;
  }

  private static ModelFailure protocolError(String message) {
    return new ModelFailure(Reason.PROTOCOL_ERROR, message);
  }
}
