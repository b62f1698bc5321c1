package io.mybella.memory.messaging;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.contracts.event.AccountDeleted;
import io.mybella.contracts.event.EventTypes;
import io.mybella.memory.erasure.AccountErasure;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Deleted accounts, as the gateway tells of them. */
@Configuration(proxyBeanMethods = false)
class AccountEvents {

  @Bean
  Consumer<Message<byte[]>> accountLifecycle(AccountErasure erasure) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      if (!event.type().equals(EventTypes.ACCOUNT_DELETED)) {
        event.ignoreUnless(EventTypes.ACCOUNT_DELETED);
        return;
      }
      AccountDeleted deleted = event.data(AccountDeleted.class);
      erasure.mark(deleted.userId(), deleted.erasureId());
    };
  }
}
