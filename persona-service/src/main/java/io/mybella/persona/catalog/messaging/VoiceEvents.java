package io.mybella.persona.catalog.messaging;

import io.mybella.chassis.event.IncomingEvent;
import io.mybella.chassis.inbox.Inbox;
import io.mybella.contracts.event.CustomVoiceChanged;
import io.mybella.contracts.event.EventTypes;
import io.mybella.persona.catalog.PersonaCatalog;
import io.mybella.persona.identity.PersonaId;
import java.util.function.Consumer;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.messaging.Message;

/** What voice-service tells of the personas' voices. */
@Configuration(proxyBeanMethods = false)
class VoiceEvents {

  @Bean
  Consumer<Message<byte[]>> voiceChanged(Inbox inbox, PersonaCatalog catalog) {
    return message -> {
      IncomingEvent event = IncomingEvent.of(message);
      if (!event.type().equals(EventTypes.CUSTOM_VOICE_CHANGED)) {
        event.ignoreUnless(EventTypes.CUSTOM_VOICE_CHANGED);
        return;
      }
      CustomVoiceChanged changed = event.data(CustomVoiceChanged.class);
      inbox.once(
          "voice-changed",
          event,
          () ->
              catalog.noteCustomVoice(
                  new PersonaId(changed.personaId()), changed.hasCustomVoice(), changed.version()));
    };
  }
}
