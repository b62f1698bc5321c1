package io.mybella.memory.erasure;

import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.chassis.erasure.ErasureMarks;
import io.mybella.chassis.outbox.Outbox;
import java.time.Clock;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.transaction.support.TransactionOperations;
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
  ErasedAccounts erasedAccounts(
      JdbcClient database,
      JsonMapper json,
      Clock clock,
      Outbox outbox,
      TransactionOperations transactions,
      @Value("${spring.application.name}") String service) {
    var marks =
        new ErasureMarks("account_tombstone", "user_id", "account_lock", database, json, clock);
    return new ErasedAccounts(marks, outbox, transactions, service);
  }
}
