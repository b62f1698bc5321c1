package io.mybella.chassis.request;

import java.util.Optional;
import org.slf4j.MDC;

/** The id of the request under way on this thread. */
public final class RequestId {

  /** The header that carries the id into a service and back to the caller. */
  public static final String HEADER = "X-Request-Id";

  /** The name of the id in log lines and in problem details. */
  public static final String FIELD = "request_id";

  private RequestId() {}

  /** The id of the current request; empty outside of one. */
  public static Optional<String> current() {
    return Optional.ofNullable(MDC.get(FIELD));
  }
}
