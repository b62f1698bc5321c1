package io.mybella.gateway.door.route;

import io.micrometer.common.KeyValue;
import io.micrometer.common.KeyValues;
import jakarta.servlet.http.HttpServletRequest;
import java.util.Optional;
import org.springframework.http.server.observation.DefaultServerRequestObservationConvention;
import org.springframework.http.server.observation.ServerRequestObservationContext;
import org.springframework.stereotype.Component;

/**
 * What metrics and traces tell of a request to the gateway besides the usual: {@code upstream}, the
 * service that its route leads to. Files of the web app are one route, whatever release they are
 * of.
 */
@Component
class RouteObservations extends DefaultServerRequestObservationConvention {

  private static final String UPSTREAM = "upstream";
  private static final KeyValue NO_UPSTREAM = KeyValue.of(UPSTREAM, "none");

  private static final String ASSETS = "/assets/";
  private static final KeyValue ANY_ASSET = KeyValue.of("uri", ASSETS + "**");

  @Override
  public KeyValues getLowCardinalityKeyValues(ServerRequestObservationContext context) {
    return super.getLowCardinalityKeyValues(context).and(upstream(context));
  }

  private static KeyValue upstream(ServerRequestObservationContext context) {
    HttpServletRequest request = context.getCarrier();
    return Optional.ofNullable(request)
        .flatMap(Backend::of)
        .map(backend -> KeyValue.of(UPSTREAM, backend.name()))
        .orElse(NO_UPSTREAM);
  }

  @Override
  protected KeyValue uri(ServerRequestObservationContext context) {
    String pattern = context.getPathPattern();
    return pattern != null && pattern.startsWith(ASSETS) ? ANY_ASSET : super.uri(context);
  }
}
