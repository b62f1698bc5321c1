package io.mybella.persona.erasure;

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

/** The accounts that are gone for good, for which nothing is made any more. */
@Configuration(proxyBeanMethods = false)
class ErasureConfiguration {

  @Bean
  ErasedAccounts erasedAccounts(
      JdbcClient database,
      JsonMapper json,
      Clock clock,
      Outbox outbox,
      TransactionOperations transactions,
      @Value("${spring.application.name}") String service) {
    var marks =
        new ErasureMarks("erased_account", "user_id", "account_lock", database, json, clock);
    return new ErasedAccounts(marks, outbox, transactions, service);
  }
}
