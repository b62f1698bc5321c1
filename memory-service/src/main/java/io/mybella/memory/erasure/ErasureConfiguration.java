package io.mybella.memory.erasure;

import io.mybella.chassis.erasure.AccountMarks;
import io.mybella.chassis.erasure.ErasureMarks;
import java.time.Clock;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import tools.jackson.databind.json.JsonMapper;

/** The permanent marks of personas and accounts that are gone for good. */
@Configuration(proxyBeanMethods = false)
class ErasureConfiguration {

  @Bean
  ErasureMarks erasedPersonas(JdbcClient database, JsonMapper json, Clock clock) {
    return new ErasureMarks(
        "persona_tombstone", "persona_id", "persona_lock", database, json, clock);
  }

  @Bean
  AccountMarks accountMarks() {
    return new AccountMarks("account_tombstone");
  }
}
