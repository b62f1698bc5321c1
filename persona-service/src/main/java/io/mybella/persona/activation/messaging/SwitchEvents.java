package io.mybella.persona.activation.messaging;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaSwitched;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.activation.Switched;
import io.mybella.persona.identity.PersonaId;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Puts switches into the outbox, in the transaction of the switch. */
@Component
class SwitchEvents {

  private final Outbox outbox;

  SwitchEvents(Outbox outbox) {
    this.outbox = outbox;
  }

  @EventListener
  void publish(Switched switched) {
    String key = switched.userId().toString();
    PersonaId previous = switched.previousPersonaId();
    outbox.publish(
        Topics.PERSONA_SWITCHED,
        key,
        EventTypes.PERSONA_SWITCHED,
        key,
        new PersonaSwitched(
            switched.userId().value(),
            switched.personaId().value(),
            previous == null ? null : previous.value(),
            switch (switched.reason()) {
              case USER -> PersonaSwitched.REASON_USER;
              case PERSONA_DELETED -> PersonaSwitched.REASON_PERSONA_DELETED;
              case IMPORT -> PersonaSwitched.REASON_IMPORT;
            },
            switched.version(),
            switched.at()));
  }
}
