package io.mybella.voice.messaging;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.CustomVoiceChanged;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaErased;
import io.mybella.contracts.event.Topics;
import io.mybella.voice.erasure.ErasureReceipt;
import io.mybella.voice.sample.CustomVoiceChange;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Puts what happened to voices into the outbox, in the transaction in which it happened. */
@Component
class VoiceEvents {

  private static final String SERVICE = "voice-service";

  private final Outbox outbox;

  VoiceEvents(Outbox outbox) {
    this.outbox = outbox;
  }

  @EventListener
  void publish(CustomVoiceChange change) {
    String key = Long.toString(change.personaId());
    outbox.publish(
        Topics.VOICE_CHANGED,
        key,
        EventTypes.CUSTOM_VOICE_CHANGED,
        "persona/" + key,
        new CustomVoiceChanged(
            change.personaId(),
            change.ownerUserId(),
            change.hasCustomVoice(),
            change.version(),
            change.at()));
  }

  @EventListener
  void publish(ErasureReceipt receipt) {
    String key = Long.toString(receipt.personaId());
    outbox.publish(
        Topics.PERSONA_ERASURE,
        key,
        EventTypes.PERSONA_ERASED,
        "persona/" + key,
        new PersonaErased(
            receipt.erasureId(), receipt.personaId(), SERVICE, receipt.counts(), receipt.at()));
  }
}
