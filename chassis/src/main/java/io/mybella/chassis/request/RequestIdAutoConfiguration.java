package io.mybella.chassis.request;

import io.mybella.chassis.id.IdGenerator;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.web.servlet.FilterRegistrationBean;
import org.springframework.context.annotation.Bean;
import org.springframework.core.Ordered;

/** Puts the request id around everything else, so that refusals of security carry one too. */
@AutoConfiguration
class RequestIdAutoConfiguration {

  @Bean
  FilterRegistrationBean<RequestIdFilter> requestIdFilter(IdGenerator ids) {
    var registration = new FilterRegistrationBean<>(new RequestIdFilter(ids));
    registration.setOrder(Ordered.HIGHEST_PRECEDENCE);
    return registration;
  }
}
