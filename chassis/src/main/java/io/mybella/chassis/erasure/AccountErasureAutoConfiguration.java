package io.mybella.chassis.erasure;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.contracts.event.AccountDeleted;
import io.mybella.contracts.event.EventTypes;
import java.util.function.Consumer;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnBean;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.context.annotation.Bean;
import org.springframework.messaging.Message;

/** Has deleted accounts erased where a service says how. */
@AutoConfiguration
@ConditionalOnClass(Message.class)
@ConditionalOnBean({AccountEraser.class, ErasedAccounts.class})
class AccountErasureAutoConfiguration {

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
