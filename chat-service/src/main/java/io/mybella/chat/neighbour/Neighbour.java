package io.mybella.chat.neighbour;

import io.github.resilience4j.circuitbreaker.CallNotPermittedException;
import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.client.ServiceClients;
import io.mybella.chassis.problem.Problem;
import java.time.Duration;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ProblemDetail;
import org.springframework.web.client.HttpClientErrorException;
import org.springframework.web.client.HttpServerErrorException;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestClientException;
import org.springframework.web.client.RestClientResponseException;

/**
 * Another service of the platform. What it refuses, the caller is refused with the same status and
 * words; when it does not answer, the caller is told to come back.
 */
public final class Neighbour {

  private static final Logger log = LoggerFactory.getLogger(Neighbour.class);
  private static final Duration COME_BACK = Duration.ofSeconds(5);

  private final String name;
  private final RestClient http;
  private final CircuitBreaker breaker;

  /**
   * A neighbour.
   *
   * @param name application name of the service
   * @param url where it listens
   */
  public Neighbour(
      String name, ServiceClients clients, String url, CircuitBreakerRegistry breakers) {
    this.name = name;
    this.http = clients.client(name, url);
    this.breaker =
        breakers.circuitBreaker(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(20)
                .minimumNumberOfCalls(10)
                .failureRateThreshold(50)
                .waitDurationInOpenState(COME_BACK)
                // A refusal is an answer: only silence and faults speak against the service.
                .recordException(fault -> !(fault instanceof HttpClientErrorException))
                .build());
  }

  /**
   * Calls the service.
   *
   * @throws Problem when it refuses, answers nothing useful (502) or does not answer (503)
   */
  public <T> T call(Function<RestClient, @Nullable T> request) {
    T answer;
    try {
      answer = breaker.executeSupplier(() -> request.apply(http));
    } catch (CallNotPermittedException open) {
      throw Problem.unavailable(sorry(), COME_BACK);
    } catch (HttpClientErrorException refusal) {
      throw refused(refusal);
    } catch (HttpServerErrorException fault) {
      log.warn("{} answered {}", name, fault.getStatusCode());
      throw Problem.unavailable(sorry(), retryAfter(fault));
    } catch (RestClientException fault) {
      log.warn("{} cannot be asked: {}", name, fault.getMessage());
      throw Problem.unavailable(sorry(), COME_BACK);
    }
    if (answer == null) {
      log.warn("{} answered without a body", name);
      throw Problem.badGateway("The " + name + " gave an empty answer");
    }
    return answer;
  }

  private Problem refused(HttpClientErrorException refusal) {
    String words = wordsOf(refusal);
    return switch (refusal.getStatusCode().value()) {
      case 400 -> Problem.badRequest(words);
      case 401 -> Problem.unauthorized(words);
      case 403 -> Problem.forbidden(words);
      case 404 -> Problem.notFound(words);
      case 409 -> Problem.conflict(words);
      case 413 -> Problem.tooLarge(words);
      case 422 -> Problem.unprocessable(words);
      case 429 -> Problem.tooManyRequests(words, retryAfter(refusal));
      default -> {
        log.warn("{} refused with {}: {}", name, refusal.getStatusCode(), words);
        yield Problem.badGateway("The " + name + " did not understand the chat-service");
      }
    };
  }

  private String wordsOf(HttpClientErrorException refusal) {
    try {
      ProblemDetail problem = refusal.getResponseBodyAs(ProblemDetail.class);
      if (problem != null && problem.getDetail() != null) {
        return problem.getDetail();
      }
    } catch (RestClientException | IllegalStateException unreadable) {
      log.debug("{} refused without problem details", name, unreadable);
    }
    return "The " + name + " refused the request";
  }

  private static Duration retryAfter(RestClientResponseException fault) {
    HttpHeaders headers = fault.getResponseHeaders();
    String seconds = headers == null ? null : headers.getFirst(HttpHeaders.RETRY_AFTER);
    return seconds != null && seconds.matches("\\d{1,5}")
        ? Duration.ofSeconds(Long.parseLong(seconds))
        : COME_BACK;
  }

  private String sorry() {
    return "The " + name + " is not answering; try again in a moment";
  }
}
