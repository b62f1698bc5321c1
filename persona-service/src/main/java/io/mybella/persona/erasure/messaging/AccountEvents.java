package io.mybella.persona.erasure.messaging;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.AccountDeleted;
import io.mybella.contracts.event.AccountErased;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.erasure.AccountErasure;
import io.mybella.persona.erasure.AccountReceipt;
import java.util.function.Consumer;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.context.event.EventListener;
import org.springframework.messaging.Message;

/** Deleted accounts, as the gateway tells of them, and the receipts for it. */
@Configuration(proxyBeanMethods = false)
class AccountEvents {

  private final Outbox outbox;
  private final String service;

  AccountEvents(Outbox outbox, @Value("${spring.application.name}") String service) {
    this.outbox = outbox;
    this.service = service;
  }

  @Bean
  static Consumer<Message<byte[]>> accountLifecycle(AccountErasure erasure) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      if (!event.type().equals(EventTypes.ACCOUNT_DELETED)) {
        event.ignoreUnless(EventTypes.ACCOUNT_DELETED);
        return;
      }
      AccountDeleted deleted = event.data(AccountDeleted.class);
      erasure.erase(deleted.userId(), deleted.erasureId());
    };
  }

  @EventListener
  void publish(AccountReceipt receipt) {
    String key = Long.toString(receipt.userId());
    outbox.publish(
        Topics.PERSONA_ERASURE,
        key,
        EventTypes.ACCOUNT_ERASED,
        key,
        new AccountErased(
            receipt.erasureId(), receipt.userId(), service, receipt.counts(), receipt.at()));
  }
}
