package io.mybella.chassis.http;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.tomcat.TomcatConnectorCustomizer;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;
import org.springframework.web.servlet.config.annotation.InterceptorRegistry;
import org.springframework.web.servlet.config.annotation.WebMvcConfigurer;

/** Gives every service the same bounds of requests. */
@AutoConfiguration
@EnableConfigurationProperties(HttpProperties.class)
class HttpAutoConfiguration {

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

  /**
   * The container reads the forms of these methods, with its limits on bytes and parameters; the
   * framework's filter for forms that are not posted knows no limit.
   */
  @Bean
  TomcatConnectorCustomizer formMethods(HttpProperties properties) {
    return connector -> connector.setParseBodyMethods(String.join(",", properties.formMethods()));
  }
}
