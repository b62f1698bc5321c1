package io.mybella.model;

import com.fasterxml.jackson.annotation.JsonProperty;

/** The language model gave no reply, or none to its end. */
public final class ModelFailure extends Exception {

  /** Why there is no reply of the model. */
  public enum Reason {
    /** It took too long. */
    @JsonProperty("timeout")
    TIMEOUT,
    /** Too many requests (429). */
    @JsonProperty("rate_limited")
    RATE_LIMITED,
    /** The key is missing, wrong or may not do this (401, 403). */
    @JsonProperty("unauthorized")
    UNAUTHORIZED,
    /** The model refused the request (other 4xx). */
    @JsonProperty("rejected")
    REJECTED,
    /** A fault at the model (5xx). */
    @JsonProperty("server_error")
    SERVER_ERROR,
    /** No connection, or it was lost. */
    @JsonProperty("unreachable")
    UNREACHABLE,
    /** The answer is not what the protocol says. */
    @JsonProperty("protocol_error")
    PROTOCOL_ERROR,
    /** It failed so often that it is not asked for a while. */
    @JsonProperty("breaker_open")
    BREAKER_OPEN
  }

  private final Reason reason;

  ModelFailure(Reason reason, String message) {
    super(message);
    this.reason = reason;
  }

  ModelFailure(Reason reason, String message, Throwable cause) {
    super(message, cause);
    this.reason = reason;
  }

  /** Throws what a status says that is no success. */
  static void requireSuccess(int status) throws ModelFailure {
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

  /** Why. */
  public Reason reason() {
    return reason;
  }
}
