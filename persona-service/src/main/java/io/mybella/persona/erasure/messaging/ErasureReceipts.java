package io.mybella.persona.erasure.messaging;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.inbox.Inbox;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaErased;
import io.mybella.persona.erasure.Erasures;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Receipts of the services that erased what they held of a persona. */
@Configuration(proxyBeanMethods = false)
class ErasureReceipts {

  @Bean
  Consumer<Message<byte[]>> personaErasure(Inbox inbox, Erasures erasures) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      switch (event.type()) {
        case EventTypes.PERSONA_ERASED -> {
          PersonaErased erased = event.data(PersonaErased.class);
          inbox.once(
              "persona-erasure",
              event,
              () -> erasures.record(erased.erasureId(), erased.service(), erased.counts()));
        }
        // Receipts for accounts share the topic; they are for the gateway.
        default -> event.ignoreUnless(EventTypes.PERSONA_ERASED);
      }
    };
  }
}
