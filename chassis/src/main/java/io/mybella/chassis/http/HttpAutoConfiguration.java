package io.mybella.chassis.http;

import io.mybella.chassis.problem.ProblemWriter;
import jakarta.servlet.http.HttpServletRequest;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.security.autoconfigure.web.servlet.SecurityFilterProperties;
import org.springframework.boot.tomcat.TomcatWebServerFactory;
import org.springframework.boot.web.server.WebServerFactoryCustomizer;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives every service the same bounds of connections and requests. */
@AutoConfiguration
@EnableConfigurationProperties(HttpProperties.class)
class HttpAutoConfiguration {

  /** Of the two of each connection, bytes; a head or an answer that is longer takes turns. */
  private static final String SMALL_BUFFER = "4096";

  @Bean
  BoundedBodies boundedBodies(HttpProperties properties) {
    return new BoundedBodies(properties.body());
  }

  @Bean
  WebMvcConfigurer bodyLimits(BoundedBodies bodies) {
    return new WebMvcConfigurer() {
      @Override
      public void addInterceptors(InterceptorRegistry registry) {
        registry.addInterceptor(bodies).order(Ordered.HIGHEST_PRECEDENCE);
      }
    };
  }

  /** Forms of all methods are the container's: the framework's filter for them knows no limit. */
  @Bean
  WebServerFactoryCustomizer<TomcatWebServerFactory> boundedConnections(HttpProperties properties) {
    return factory -> {
      // A service may have one of its own, made from this.
      if (TomcatWebServerFactory.DEFAULT_PROTOCOL.equals(factory.getProtocol())) {
        factory.setProtocol(BoundedProtocol.class.getName());
      }
      factory.addConnectorCustomizers(
          connector -> {
            connector.setParseBodyMethods(String.join(",", properties.formMethods()));
            if (connector.getProtocolHandler() instanceof BoundedProtocol protocol) {
              protocol.limit(properties.waitingConnections(), properties.headPatience());
              protocol.setProperty("socket.appReadBufSize", SMALL_BUFFER);
              protocol.setProperty("socket.appWriteBufSize", SMALL_BUFFER);
            }
          });
      factory.addEngineValves(new PacedBodyValve(properties.bodyPatience(), properties.bodyRate()));
    };
  }

  /** Right behind the filters of security, which tell who is calling. */
  @Bean
  FilterRegistrationBean<CallerSlotFilter> callerSlotFilter(
      HttpProperties properties, ProblemWriter problems) {
    var filter =
        new CallerSlotFilter(
            new CallerSlots(properties.requestsPerCaller()),
            HttpAutoConfiguration::caller,
            problems);
    var registration = new FilterRegistrationBean<>(filter);
    registration.setOrder(SecurityFilterProperties.DEFAULT_FILTER_ORDER + 1);
    return registration;
  }

  private static @Nullable String caller(HttpServletRequest request) {
    Principal caller = request.getUserPrincipal();
    return caller == null ? null : caller.getName();
  }
}
