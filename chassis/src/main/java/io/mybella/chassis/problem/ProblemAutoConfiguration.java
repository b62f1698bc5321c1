package io.mybella.chassis.problem;

import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingClass;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.boot.webmvc.autoconfigure.WebMvcAutoConfiguration;
import org.springframework.boot.webmvc.autoconfigure.error.ErrorMvcAutoConfiguration;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.Ordered;
import tools.jackson.databind.json.JsonMapper;

/** Gives every service the same errors. */
@AutoConfiguration(before = {WebMvcAutoConfiguration.class, ErrorMvcAutoConfiguration.class})
class ProblemAutoConfiguration {

  @Bean
  ProblemExceptionHandler problemExceptionHandler(Diagnosis diagnosis) {
    return new ProblemExceptionHandler(diagnosis);
  }

  /** After the measurement of requests, before all else. */
  @Bean
  FilterRegistrationBean<ProblemFilter> problemFilter(Diagnosis diagnosis, ProblemWriter problems) {
    var registration = new FilterRegistrationBean<>(new ProblemFilter(diagnosis, problems));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE + 2);
    return registration;
  }

  @Bean
  FallbackErrorController fallbackErrorController() {
    return new FallbackErrorController();
  }

  @Bean
  ProblemWriter problemWriter(JsonMapper json) {
    return new ProblemWriter(json);
  }

  /** Only where the service has a database. */
  @Configuration(proxyBeanMethods = false)
  @ConditionalOnClass(name = "org.springframework.dao.DataAccessResourceFailureException")
  static class WithDatabase {

    @Bean
    Diagnosis diagnosis() {
      return new Diagnosis(new DatabaseAway());
    }
  }

  @Configuration(proxyBeanMethods = false)
  @ConditionalOnMissingClass("org.springframework.dao.DataAccessResourceFailureException")
  static class WithoutDatabase {

    @Bean
    Diagnosis diagnosis() {
      return new Diagnosis(_ -> false);
    }
  }
}
