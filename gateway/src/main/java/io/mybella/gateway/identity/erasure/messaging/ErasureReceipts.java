package io.mybella.gateway.identity.erasure.messaging;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.inbox.Inbox;
import io.mybella.contracts.event.AccountErased;
import io.mybella.contracts.event.EventTypes;
import io.mybella.gateway.identity.erasure.Erasures;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Receipts of the services that erased what they held of an account. */
@Configuration(proxyBeanMethods = false)
class ErasureReceipts {

  @Bean
  Consumer<Message<byte[]>> accountErasure(Inbox inbox, Erasures erasures) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      switch (event.type()) {
        case EventTypes.ACCOUNT_ERASED -> {
          AccountErased erased = event.data(AccountErased.class);
          inbox.once(
              "account-erasure",
              event,
              () -> erasures.record(erased.erasureId(), erased.service(), erased.counts()));
        }
        // Receipts for personas share the topic; they are for persona-service.
        default -> event.ignoreUnless(EventTypes.ACCOUNT_ERASED);
      }
    };
  }
}
