package io.mybella.persona.erasure;

import io.mybella.chassis.erasure.AccountMarks;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

/** The accounts that are gone for good, for which nothing is made any more. */
@Configuration(proxyBeanMethods = false)
class ErasureConfiguration {

  @Bean
  AccountMarks accountMarks() {
    return new AccountMarks("erased_account");
  }
}
