package io.mybella.memory.messaging;

import io.mybella.chassis.event.EventBatches;
import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.inbox.Inbox;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaDeleted;
import io.mybella.contracts.event.PersonaSnapshot;
import io.mybella.contracts.event.PersonaSwitched;
import io.mybella.memory.conversation.Switches;
import io.mybella.memory.conversation.Switches.Switch;
import io.mybella.memory.erasure.PersonaErasure;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.KnownPersona;
import io.mybella.memory.persona.KnownPersonas;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** The consumers of this service; what they throw is retried, or dead-lettered. */
@Configuration(proxyBeanMethods = false)
class PersonaEvents {

  @Bean
  Consumer<Message<byte[]>> personaLifecycle(
      Inbox inbox, KnownPersonas known, PersonaErasure erasure) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      switch (event.type()) {
        case EventTypes.PERSONA_CREATED, EventTypes.PERSONA_UPDATED -> {
          KnownPersona news = news(event.data(PersonaSnapshot.class));
          inbox.once("personaLifecycle", event, () -> known.learn(news));
        }
        case EventTypes.PERSONA_DELETED -> {
          PersonaDeleted deleted = event.data(PersonaDeleted.class);
          erasure.mark(deleted.personaId(), deleted.erasureId());
        }
        default ->
            event.ignoreUnless(
                EventTypes.PERSONA_CREATED, EventTypes.PERSONA_UPDATED, EventTypes.PERSONA_DELETED);
      }
    };
  }

  @Bean
  Consumer<Message<List<byte[]>>> personaSwitched(Inbox inbox, Switches switches) {
    return new EventBatches<>(
        PersonaEvents::switchTold,
        events -> inbox.onceEach("personaSwitched", events, switches::take));
  }

  private static Optional<Switch> switchTold(IncomingEvent event) {
    if (!event.type().equals(EventTypes.PERSONA_SWITCHED)) {
      event.ignoreUnless(EventTypes.PERSONA_SWITCHED);
      return Optional.empty();
    }
    PersonaSwitched fact = event.data(PersonaSwitched.class);
    return Optional.of(new Switch(new PairId(fact.userId(), fact.personaId()), fact.version()));
  }

  private static KnownPersona news(PersonaSnapshot snapshot) {
    return new KnownPersona(
        snapshot.personaId(),
        snapshot.ownerUserId(),
        snapshot.isActive(),
        snapshot.version(),
        snapshot.displayName());
  }
}
