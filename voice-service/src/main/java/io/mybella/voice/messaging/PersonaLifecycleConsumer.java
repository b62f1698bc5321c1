package io.mybella.voice.messaging;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.inbox.Inbox;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaDeleted;
import io.mybella.contracts.event.PersonaSnapshot;
import io.mybella.voice.erasure.PersonaErasure;
import io.mybella.voice.persona.KnownPersonas;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** Keeps the read model of personas, and erases what belongs to a deleted one. */
@Configuration(proxyBeanMethods = false)
class PersonaLifecycleConsumer {

  private static final String CONSUMER = "persona-lifecycle";

  @Bean
  Consumer<Message<byte[]>> personaLifecycle(
      Inbox inbox, KnownPersonas personas, PersonaErasure erasure) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      switch (event.type()) {
        case EventTypes.PERSONA_CREATED, EventTypes.PERSONA_UPDATED -> {
          PersonaSnapshot snapshot = event.data(PersonaSnapshot.class);
          inbox.once(CONSUMER, event, () -> personas.note(snapshot));
        }
        case EventTypes.PERSONA_DELETED -> {
          PersonaDeleted deleted = event.data(PersonaDeleted.class);
          long files = erasure.eraseFiles(deleted);
          inbox.once(CONSUMER, event, () -> erasure.erase(deleted, files));
        }
        default ->
            event.ignoreUnless(
                EventTypes.PERSONA_CREATED, EventTypes.PERSONA_UPDATED, EventTypes.PERSONA_DELETED);
      }
    };
  }
}
