package io.mybella.persona.activation.messaging;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaSwitched;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.activation.Switched;
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
    String key = Long.toString(switched.userId());
    outbox.publish(
        Topics.PERSONA_SWITCHED,
        key,
        EventTypes.PERSONA_SWITCHED,
        key,
        new PersonaSwitched(
            switched.userId(),
            switched.personaId(),
            switched.previousPersonaId(),
            switch (switched.reason()) {
              case USER -> PersonaSwitched.REASON_USER;
              case PERSONA_DELETED -> PersonaSwitched.REASON_PERSONA_DELETED;
              case IMPORT -> PersonaSwitched.REASON_IMPORT;
            },
            switched.version(),
            switched.at()));
  }
}
