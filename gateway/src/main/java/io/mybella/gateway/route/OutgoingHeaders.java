package io.mybella.gateway.route;

import io.mybella.chassis.request.RequestId;
import io.mybella.chassis.security.Caller;
import io.mybella.chassis.trace.TraceParent;
import io.mybella.gateway.identity.CallerAuthentication;
import io.mybella.gateway.token.TokenIssuer;
import java.util.List;
import org.springframework.cloud.gateway.server.mvc.filter.HttpHeadersFilter.RequestHttpHeadersFilter;
import org.springframework.core.Ordered;
import org.springframework.http.HttpHeaders;
import org.springframework.stereotype.Component;
import org.springframework.web.servlet.function.ServerRequest;

/**
 * The headers a service gets: those below as the caller sent them, the caller's identity as a
 * signed token, the request id and the trace. Whatever else came from outside ends here, so no
 * header that some library may trust one day can be forged.
 */
@Component
class OutgoingHeaders implements RequestHttpHeadersFilter, Ordered {

  private static final List<String> PASSING =
      List.of(
          HttpHeaders.ACCEPT,
          HttpHeaders.ACCEPT_LANGUAGE,
          HttpHeaders.CACHE_CONTROL,
          HttpHeaders.CONTENT_ENCODING,
          HttpHeaders.CONTENT_LANGUAGE,
          HttpHeaders.IF_MATCH,
          HttpHeaders.IF_MODIFIED_SINCE,
          HttpHeaders.IF_NONE_MATCH,
          HttpHeaders.IF_RANGE,
          HttpHeaders.IF_UNMODIFIED_SINCE,
          HttpHeaders.RANGE,
          HttpHeaders.USER_AGENT,
          "Idempotency-Key",
          "Last-Event-ID",
          "Prefer",
          "tracestate");

  private final TokenIssuer tokens;

  OutgoingHeaders(TokenIssuer tokens) {
    this.tokens = tokens;
  }

  @Override
  public HttpHeaders apply(HttpHeaders incoming, ServerRequest request) {
    var outgoing = new HttpHeaders();
    for (String name : PASSING) {
      List<String> values = incoming.get(name);
      if (values != null) {
        outgoing.addAll(name, values);
      }
    }
    // As it was sent: Spring's view of it names a charset that the caller did not.
    String contentType = request.servletRequest().getHeader(HttpHeaders.CONTENT_TYPE);
    if (contentType != null) {
      outgoing.set(HttpHeaders.CONTENT_TYPE, contentType);
    }
    outgoing.setBearerAuth(tokens.tokenFor(caller(request), Backend.of(request).audience()));
    RequestId.current().ifPresent(id -> outgoing.set(RequestId.HEADER, id));
    TraceParent.current().ifPresent(trace -> outgoing.set(TraceParent.HEADER, trace.header()));
    return outgoing;
  }

  private static Caller caller(ServerRequest request) {
    return request
        .principal()
        .filter(CallerAuthentication.class::isInstance)
        .map(CallerAuthentication.class::cast)
        .map(CallerAuthentication::getPrincipal)
        .orElseThrow(() -> new IllegalStateException("A request without a caller reached a route"));
  }

  /** Last, so that no other filter adds anything. */
  @Override
  public int getOrder() {
    return Ordered.LOWEST_PRECEDENCE;
  }
}
