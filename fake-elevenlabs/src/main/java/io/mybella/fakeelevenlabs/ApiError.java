package io.mybella.fakeelevenlabs;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A refusal as ElevenLabs words it. */
final class ApiError extends Exception {

  /** What newer codes are called in {@code status}, which older clients read. */
  private static final Map<String, String> OLDER_NAMES =
      Map.of("concurrent_limit_exceeded", "too_many_concurrent_requests");

  private final int status;
  private final transient Object detail;
  private final transient Map<String, String> headers;

  private ApiError(int status, Object detail, Map<String, String> headers) {
    super("HTTP " + status + ": " + detail, null, false, false);
    this.status = status;
    this.detail = detail;
    this.headers = headers;
  }

  /** With the current shape of a body. */
  static ApiError of(int status, String code, String message) {
    return of(status, code, message, Map.of());
  }

  /** With the current shape of a body, and headers. */
  static ApiError of(int status, String code, String message, Map<String, String> headers) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("type", typeOf(status));
    detail.put("code", code);
    detail.put("message", message);
    detail.put("status", OLDER_NAMES.getOrDefault(code, code));
    detail.put("request_id", requestId());
    detail.put("param", null);
    return new ApiError(status, detail, headers);
  }

  /** With the older shape of a body. */
  static ApiError older(int status, String statusText) {
    Map<String, Object> detail = new LinkedHashMap<>();
    detail.put("status", statusText);
    detail.put("message", "The stand-in was told to say so.");
    return new ApiError(status, detail, Map.of());
  }

  /** What a test or somebody at the switches wants it to say. */
  static ApiError onPurpose(int status, String code, @Nullable Duration retryAfter) {
    Map<String, String> headers = new HashMap<>();
    if (retryAfter != null) {
      headers.put("Retry-After", Long.toString(retryAfter.toSeconds()));
    }
    return of(status, code, "The stand-in was told to say so.", headers);
  }

  /** That a request is malformed: an array, as FastAPI writes it. */
  static ApiError invalid(List<String> where, String message, String type) {
    Map<String, Object> entry = new LinkedHashMap<>();
    entry.put("loc", where);
    entry.put("msg", message);
    entry.put("type", type);
    return new ApiError(422, List.of(entry), Map.of());
  }

  /** A random id of a request, or of an answer. */
  static String requestId() {
    return UUID.randomUUID().toString().replace("-", "").substring(0, 20);
  }

  Reply reply() {
    return new Reply(status, "application/json", headers, Json.of(Map.of("detail", detail)));
  }

  private static String typeOf(int status) {
    return switch (status) {
      case 401 -> "authentication_error";
      case 402 -> "payment_required";
      case 403 -> "authorization_error";
      case 404 -> "not_found";
      case 429 -> "rate_limit_error";
      default -> status < 500 ? "validation_error" : "internal_error";
    };
  }
}
