package io.mybella.gateway.door.route;

import io.mybella.chassis.request.RequestId;
import io.mybella.chassis.security.Caller;
import io.mybella.chassis.trace.TraceParent;
import io.mybella.gateway.identity.token.TokenIssuer;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Locale;
import java.util.Set;
import org.apache.hc.core5.http.HttpMessage;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;

/**
 * The headers a service gets: those below as the caller sent them, the caller's identity as a
 * signed token, the request id and the trace. Whatever else came from outside ends here, so no
 * header that some library may trust one day can be forged.
 */
@Component
final class RequestHeaders {

  private static final Set<String> PASSING =
      Set.of(
          "accept",
          "accept-language",
          "cache-control",
          "content-encoding",
          "content-language",
          "content-type",
          "idempotency-key",
          "if-match",
          "if-modified-since",
          "if-none-match",
          "if-range",
          "if-unmodified-since",
          "last-event-id",
          "prefer",
          "range",
          "tracestate",
          "user-agent");

  private final TokenIssuer tokens;

  RequestHeaders(TokenIssuer tokens) {
    this.tokens = tokens;
  }

  /** Gives a request to a service its headers. */
  void add(HttpServletRequest incoming, Caller caller, Backend backend, HttpMessage outgoing) {
    incoming.getHeaderNames().asIterator().forEachRemaining(name -> pass(name, incoming, outgoing));
    outgoing.setHeader(
        HttpHeaders.AUTHORIZATION, "Bearer " + tokens.tokenFor(caller, backend.audience()));
    RequestId.current().ifPresent(id -> outgoing.setHeader(RequestId.HEADER, id));
    TraceParent.current()
        .ifPresent(trace -> outgoing.setHeader(TraceParent.HEADER, trace.header()));
  }

  private static void pass(String name, HttpServletRequest incoming, HttpMessage outgoing) {
    if (PASSING.contains(name.toLowerCase(Locale.ROOT))) {
      incoming
          .getHeaders(name)
          .asIterator()
          .forEachRemaining(value -> outgoing.addHeader(name, value));
    }
  }
}
