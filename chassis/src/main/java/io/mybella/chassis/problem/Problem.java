package io.mybella.chassis.problem;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;

/**
 * A request that cannot be served, with the words the caller is told. Thrown anywhere below a
 * controller, it becomes an {@code application/problem+json} answer (RFC 9457).
 */
public final class Problem extends RuntimeException {

  /**
   * One rejected input.
   *
   * @param field name of the field as the caller wrote it
   * @param message what is wrong with it
   */
  public record FieldError(String field, String message) {}

  private final HttpStatus status;
  private final String detail;
  private final @Nullable Duration retryAfter;
  private final List<FieldError> errors = new ArrayList<>();

  private Problem(HttpStatus status, String detail, @Nullable Duration retryAfter) {
    // A problem is an answer, not a fault of the program: no stack trace is needed.
    super(detail, null, false, false);
    this.status = status;
    this.detail = detail;
    this.retryAfter = retryAfter;
  }

  /** 400: the input is wrong and the caller can mend it. */
  public static Problem badRequest(String detail) {
    return new Problem(HttpStatus.BAD_REQUEST, detail, null);
  }

  /** 401: nobody is signed in. */
  public static Problem unauthorized(String detail) {
    return new Problem(HttpStatus.UNAUTHORIZED, detail, null);
  }

  /** 403: the caller is known and may see the thing, but not do this with it. */
  public static Problem forbidden(String detail) {
    return new Problem(HttpStatus.FORBIDDEN, detail, null);
  }

  /** 404: there is no such thing, or it belongs to somebody else; the two look the same. */
  public static Problem notFound(String detail) {
    return new Problem(HttpStatus.NOT_FOUND, detail, null);
  }

  /** 406: none of the media types the caller accepts can be produced. */
  public static Problem notAcceptable(String detail) {
    return new Problem(HttpStatus.NOT_ACCEPTABLE, detail, null);
  }

  /** 408: the request did not arrive within the time it had. */
  public static Problem requestTimeout(String detail) {
    return new Problem(HttpStatus.REQUEST_TIMEOUT, detail, null);
  }

  /** 409: the request clashes with the present state. */
  public static Problem conflict(String detail) {
    return new Problem(HttpStatus.CONFLICT, detail, null);
  }

  /** 412: the version named in {@code If-Match} is no longer the present one. */
  public static Problem preconditionFailed(String detail) {
    return new Problem(HttpStatus.PRECONDITION_FAILED, detail, null);
  }

  /** 413: the body or a part of it exceeds a limit. */
  public static Problem tooLarge(String detail) {
    return new Problem(HttpStatus.CONTENT_TOO_LARGE, detail, null);
  }

  /** 415: the media type is not one this path takes. */
  public static Problem unsupportedMediaType(String detail) {
    return new Problem(HttpStatus.UNSUPPORTED_MEDIA_TYPE, detail, null);
  }

  /** 422: an idempotency key came again with another body. */
  public static Problem unprocessable(String detail) {
    return new Problem(HttpStatus.UNPROCESSABLE_CONTENT, detail, null);
  }

  /** 429: too many requests; the caller may try again after the given time. */
  public static Problem tooManyRequests(String detail, Duration retryAfter) {
    return new Problem(HttpStatus.TOO_MANY_REQUESTS, detail, retryAfter);
  }

  /** 502: a dependency answered with something that cannot be used. */
  public static Problem badGateway(String detail) {
    return new Problem(HttpStatus.BAD_GATEWAY, detail, null);
  }

  /** 503: a dependency is down; the caller may try again after the given time. */
  public static Problem unavailable(String detail, Duration retryAfter) {
    return new Problem(HttpStatus.SERVICE_UNAVAILABLE, detail, retryAfter);
  }

  /** Adds a rejected field; returns this problem, to be thrown. */
  public Problem withError(String field, String message) {
    errors.add(new FieldError(field, message));
    return this;
  }

  /** The status of the answer. */
  public HttpStatus status() {
    return status;
  }

  /** The message for the caller. */
  public String detail() {
    return detail;
  }

  /** When the caller may try again; null when that is not known or makes no sense. */
  public @Nullable Duration retryAfter() {
    return retryAfter;
  }

  /** The rejected fields; empty when the problem is not about fields. */
  public List<FieldError> errors() {
    return List.copyOf(errors);
  }
}
