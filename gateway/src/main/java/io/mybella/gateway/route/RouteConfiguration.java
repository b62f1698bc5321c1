package io.mybella.gateway.route;

import static org.springframework.cloud.gateway.server.mvc.handler.GatewayRouterFunctions.route;
import static org.springframework.cloud.gateway.server.mvc.handler.HandlerFunctions.http;
import static org.springframework.cloud.gateway.server.mvc.predicate.GatewayRequestPredicates.path;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.mybella.chassis.problem.ProblemWriter;
import java.net.URI;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.cloud.gateway.server.mvc.handler.ProxyExchange;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.web.servlet.function.RouterFunction;
import org.springframework.web.servlet.function.ServerResponse;

/** Which path belongs to which service. */
@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

  /** Enough calls to tell an outage from a single failure. */
  private static final int BREAKER_WINDOW = 20;

  private static final int BREAKER_MINIMUM = 5;

  private final ServiceAddresses addresses;
  private final RouteProperties properties;
  private final CircuitBreakerRegistry breakers;

  RouteConfiguration(
      ServiceAddresses addresses, RouteProperties properties, CircuitBreakerRegistry breakers) {
    this.addresses = addresses;
    this.properties = properties;
    this.breakers = breakers;
  }

  /** The first match decides, so what belongs to persona-service stands last. */
  @Bean
  RouterFunction<ServerResponse> routes() {
    Backend persona = backend("persona-service", addresses.personaUrl(), properties.persona());
    Backend memory = backend("memory-service", addresses.memoryUrl(), properties.memory());
    Backend voice = backend("voice-service", addresses.voiceUrl(), properties.voice());
    Backend chat = backend("chat-service", addresses.chatUrl(), properties.chat());
    return to(voice, "voice-presets", "/api/personas/voice-presets/**")
        .and(to(memory, "messages", "/api/personas/{id}/messages/**"))
        .and(to(memory, "memory", "/api/personas/{id}/memory/**"))
        .and(to(voice, "voice", "/api/personas/{id}/voice/**"))
        .and(to(chat, "chat", "/api/personas/{id}/chat/**"))
        .and(to(persona, "personas", "/api/personas/**"));
  }

  private static RouterFunction<ServerResponse> to(Backend backend, String id, String pattern) {
    return route(id).route(path(pattern), http()).before(backend::mark).build();
  }

  private Backend backend(String name, URI url, RouteProperties.Limits limits) {
    RequestConfig timeouts =
        RequestConfig.custom()
            .setConnectionRequestTimeout(Timeout.of(properties.poolTimeout()))
            .setResponseTimeout(Timeout.of(limits.silence()))
            .setExpectContinueEnabled(false)
            .build();
    CircuitBreaker breaker =
        breakers.circuitBreaker(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(BREAKER_WINDOW)
                .minimumNumberOfCalls(BREAKER_MINIMUM)
                .failureRateThreshold(50)
                .waitDurationInOpenState(properties.retryAfter())
                .permittedNumberOfCallsInHalfOpenState(3)
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .build());
    return new Backend(name, url, timeouts, limits.body().toBytes(), breaker);
  }

  @Bean
  CloseableHttpClient serviceClient() {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setMaxConnPerRoute(properties.connectionsPerService())
            // Routes never compete: there are four services.
            .setMaxConnTotal(properties.connectionsPerService() * 4)
            .setDefaultConnectionConfig(
                ConnectionConfig.custom()
                    .setConnectTimeout(Timeout.of(properties.connectTimeout()))
                    .setValidateAfterInactivity(TimeValue.ofSeconds(2))
                    .setTimeToLive(TimeValue.ofMinutes(5))
                    .build())
            .build();
    return HttpClients.custom()
        .setConnectionManager(connections)
        .evictIdleConnections(TimeValue.ofSeconds(20))
        .setRetryStrategy(new StaleConnectionRetry())
        .disableRedirectHandling()
        .disableCookieManagement()
        .disableAuthCaching()
        .disableContentCompression()
        .disableDefaultUserAgent()
        .build();
  }

  @Bean
  ProxyExchange serviceExchange(CloseableHttpClient serviceClient, ProblemWriter problems) {
    return new ServiceExchange(serviceClient, problems, properties.retryAfter());
  }
}
