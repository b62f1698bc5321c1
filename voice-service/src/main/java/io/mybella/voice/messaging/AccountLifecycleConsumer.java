package io.mybella.voice.messaging;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.contracts.event.AccountDeleted;
import io.mybella.contracts.event.EventTypes;
import io.mybella.voice.erasure.AccountErasure;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Erases what belongs to a deleted account. */
@Configuration(proxyBeanMethods = false)
class AccountLifecycleConsumer {

  @Bean
  Consumer<Message<byte[]>> accountLifecycle(AccountErasure erasure) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      if (!event.type().equals(EventTypes.ACCOUNT_DELETED)) {
        event.ignoreUnless(EventTypes.ACCOUNT_DELETED);
        return;
      }
      erasure.erase(event.data(AccountDeleted.class));
    };
  }
}
