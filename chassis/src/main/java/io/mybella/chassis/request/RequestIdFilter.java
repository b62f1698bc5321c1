package io.mybella.chassis.request;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.trace.TraceParent;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import org.slf4j.MDC;
import org.springframework.web.filter.OncePerRequestFilter;

/**
 * Gives every request an id, keeps a well-formed one that came along, and returns it; and goes on
 * with the trace that the request belongs to.
 */
final class RequestIdFilter extends OncePerRequestFilter {

  private static final int SHORTEST = 8;
  private static final int LONGEST = 64;

  private final IdGenerator ids;

  RequestIdFilter(IdGenerator ids) {
    this.ids = ids;
  }

  @Override
  protected void doFilterInternal(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws ServletException, IOException {
    String id = idOf(request);
    request.setAttribute(RequestId.FIELD, id);
    response.setHeader(RequestId.HEADER, id);
    traceOf(request).enter();
    try (var _ = MDC.putCloseable(RequestId.FIELD, id)) {
      chain.doFilter(request, response);
    } finally {
      TraceParent.leave();
    }
  }

  private static TraceParent traceOf(HttpServletRequest request) {
    if (request.getAttribute(TraceParent.HEADER) instanceof TraceParent known) {
      return known;
    }
    TraceParent trace = TraceParent.continuing(request.getHeader(TraceParent.HEADER));
    request.setAttribute(TraceParent.HEADER, trace);
    return trace;
  }

  /** A later dispatch of the same request finds the id of the first one. */
  private String idOf(HttpServletRequest request) {
    if (request.getAttribute(RequestId.FIELD) instanceof String known) {
      return known;
    }
    String given = request.getHeader(RequestId.HEADER);
    return given != null && isWellFormed(given) ? given : ids.next().toString();
  }

  /** Narrow enough that an id can be logged and echoed without any escaping. */
  static boolean isWellFormed(String id) {
    if (id.length() < SHORTEST || id.length() > LONGEST) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      if (!isOfId(id.charAt(i))) {
        return false;
      }
    }
    return true;
  }

  private static boolean isOfId(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '.'
        || c == '_'
        || c == '-';
  }

  @Override
  protected boolean shouldNotFilterAsyncDispatch() {
    return false;
  }

  @Override
  protected boolean shouldNotFilterErrorDispatch() {
    return false;
  }
}
