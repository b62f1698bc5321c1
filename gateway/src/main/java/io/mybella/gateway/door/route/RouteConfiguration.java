package io.mybella.gateway.door.route;

import io.github.resilience4j.circuitbreaker.CircuitBreaker;
import io.github.resilience4j.circuitbreaker.CircuitBreakerConfig;
import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import java.net.URI;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.apache.hc.client5.http.config.ConnectionConfig;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.impl.classic.CloseableHttpClient;
import org.apache.hc.client5.http.impl.classic.HttpClients;
import org.apache.hc.client5.http.impl.io.ManagedHttpClientConnectionFactory;
import org.apache.hc.client5.http.impl.io.PoolingHttpClientConnectionManagerBuilder;
import org.apache.hc.core5.http.impl.io.MonitoringResponseOutOfOrderStrategy;
import org.apache.hc.core5.util.TimeValue;
import org.apache.hc.core5.util.Timeout;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;

/** Which path belongs to which service. */
@Configuration(proxyBeanMethods = false)
class RouteConfiguration {

  /** Enough calls to tell an outage from a single failure. */
  private static final int BREAKER_WINDOW = 20;

  private static final int BREAKER_MINIMUM = 5;

  /**
   * Bytes of a body after which the gateway looks whether the service has answered already; a look
   * takes a millisecond.
   */
  private static final long EARLY_ANSWER_STEP = 64 * 1024;

  private static final String PERSONA = "persona-service";
  private static final String MEMORY = "memory-service";
  private static final String VOICE = "voice-service";
  private static final String CHAT = "chat-service";

  private final ServiceAddresses addresses;
  private final RouteProperties properties;
  private final CircuitBreakerRegistry breakers;

  RouteConfiguration(
      ServiceAddresses addresses, RouteProperties properties, CircuitBreakerRegistry breakers) {
    this.addresses = addresses;
    this.properties = properties;
    this.breakers = breakers;
  }

  /** After everything that decides whether a request may pass. */
  @Bean
  FilterRegistrationBean<ServiceFilter> services(ServiceExchange exchange) {
    var registration = new FilterRegistrationBean<>(new ServiceFilter(routes(), exchange));
    registration.setOrder(Ordered.LOWEST_PRECEDENCE);
    return registration;
  }

  private Routes routes() {
    Backend persona = backend(PERSONA, List.of(), addresses.personaUrl(), properties.persona());
    Backend memory = backend(MEMORY, List.of(PERSONA), addresses.memoryUrl(), properties.memory());
    Backend voice = backend(VOICE, List.of(PERSONA), addresses.voiceUrl(), properties.voice());
    Backend chat =
        backend(CHAT, List.of(PERSONA, MEMORY, VOICE), addresses.chatUrl(), properties.chat());
    return Routes.to(persona, memory, voice, chat);
  }

  /**
   * @param calls the services that this one calls in the caller's name
   */
  private Backend backend(String name, List<String> calls, URI url, RouteProperties.Limits limits) {
    Duration longest = Collections.max(List.of(limits.silence(), properties.uploadSilence()));
    CircuitBreaker breaker =
        breakers.circuitBreaker(
            name,
            CircuitBreakerConfig.custom()
                .slidingWindowSize(BREAKER_WINDOW)
                .minimumNumberOfCalls(BREAKER_MINIMUM)
                .failureRateThreshold(50)
                .waitDurationInOpenState(properties.retryAfter())
                .permittedNumberOfCallsInHalfOpenState(3)
                // Never reached: what takes too long is given up before, and counts as failed.
                .slowCallDurationThreshold(longest.multipliedBy(2))
                .automaticTransitionFromOpenToHalfOpenEnabled(false)
                .build());
    return new Backend(
        name,
        Stream.concat(Stream.of(name), calls.stream()).toList(),
        url,
        timeouts(limits.silence()),
        timeouts(longest),
        limits.body().toBytes(),
        breaker,
        new SlowCallers());
  }

  private RequestConfig timeouts(Duration silence) {
    return RequestConfig.custom()
        .setConnectionRequestTimeout(Timeout.of(properties.poolTimeout()))
        .setResponseTimeout(Timeout.of(silence))
        .setExpectContinueEnabled(false)
        .build();
  }

  @Bean
  CloseableHttpClient serviceClient() {
    var connections =
        PoolingHttpClientConnectionManagerBuilder.create()
            .setConnectionFactory(
                ManagedHttpClientConnectionFactory.builder()
                    // A service may refuse a body before it has all of it.
                    .responseOutOfOrderStrategy(
                        new MonitoringResponseOutOfOrderStrategy(EARLY_ANSWER_STEP))
                    .build())
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
}
