package io.mybella.gateway.door.route;

import io.mybella.chassis.security.Caller;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.http.HttpFilter;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.util.Optional;
import org.springframework.security.core.Authentication;
import org.springframework.security.core.context.SecurityContextHolder;
import org.springframework.web.filter.ServerHttpObservationFilter;
import org.springframework.web.util.ServletRequestPathUtils;

/**
 * Hands every request below {@code /api/personas} to the service that it belongs to. The last
 * filter, before Spring's servlet: nothing of what that does for controllers is of use to a request
 * that is passed on as it came.
 */
final class ServiceFilter extends HttpFilter {

  private final transient Routes routes;
  private final transient ServiceExchange exchange;

  ServiceFilter(Routes routes, ServiceExchange exchange) {
    this.routes = routes;
    this.exchange = exchange;
  }

  @Override
  protected void doFilter(
      HttpServletRequest request, HttpServletResponse response, FilterChain chain)
      throws IOException, ServletException {
    Optional<Route> route = routes.of(ServletRequestPathUtils.getParsedRequestPath(request));
    if (route.isEmpty()) {
      chain.doFilter(request, response);
      return;
    }
    Backend backend = route.get().backend();
    backend.mark(request);
    ServerHttpObservationFilter.findObservationContext(request)
        .ifPresent(observed -> observed.setPathPattern(route.get().pattern()));
    exchange.carry(backend, caller(), request, response);
  }

  private static Caller caller() {
    Authentication authentication = SecurityContextHolder.getContext().getAuthentication();
    if (authentication != null && authentication.getPrincipal() instanceof Caller caller) {
      return caller;
    }
    throw new IllegalStateException("A request without a caller reached a route");
  }
}
