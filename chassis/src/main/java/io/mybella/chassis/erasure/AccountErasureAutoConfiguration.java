package io.mybella.chassis.erasure;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.AccountDeleted;
import io.mybella.contracts.event.EventTypes;
import java.time.Clock;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.messaging.Message;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** Has deleted accounts erased where a service says how. */
@AutoConfiguration(afterName = "io.mybella.chassis.outbox.OutboxAutoConfiguration")
@ConditionalOnClass({Message.class, JdbcClient.class})
@ConditionalOnBean(AccountMarks.class)
class AccountErasureAutoConfiguration {

  @Bean
  ErasedAccounts erasedAccounts(
      AccountMarks kept,
      JdbcClient database,
      JsonMapper json,
      Clock clock,
      Outbox outbox,
      PlatformTransactionManager transactions,
      Environment environment) {
    return new ErasedAccounts(
        new ErasureMarks(kept.table(), "user_id", "account_lock", database, json, clock),
        outbox,
        new TransactionTemplate(transactions),
        environment.getRequiredProperty("spring.application.name"));
  }

  /** Deleted accounts, as the gateway tells of them; what this throws is retried. */
  @Bean
  Consumer<Message<byte[]>> accountLifecycle(ErasedAccounts accounts, AccountEraser eraser) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      if (!event.type().equals(EventTypes.ACCOUNT_DELETED)) {
        event.ignoreUnless(EventTypes.ACCOUNT_DELETED);
        return;
      }
      AccountDeleted deleted = event.data(AccountDeleted.class);
      accounts.mark(deleted.userId(), deleted.erasureId());
      eraser.erase(deleted.userId());
    };
  }
}
