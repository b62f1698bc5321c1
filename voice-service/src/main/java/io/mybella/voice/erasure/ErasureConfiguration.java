package io.mybella.voice.erasure;

import io.mybella.chassis.erasure.AccountMarks;
import io.mybella.chassis.erasure.ErasureMarks;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The personas and accounts that are gone for good, for which nothing is kept any more. */
@Configuration(proxyBeanMethods = false)
class ErasureConfiguration {

  @Bean
  ErasureMarks erasedPersonas(JdbcClient database, JsonMapper json, Clock clock) {
    return new ErasureMarks("erased_persona", "persona_id", "persona_lock", database, json, clock);
  }

  @Bean
  AccountMarks accountMarks() {
    return new AccountMarks("erased_account");
  }
}
