package io.mybella.voice.messaging;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.CustomVoiceChanged;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaErased;
import io.mybella.contracts.event.SynthesisCompleted;
import io.mybella.contracts.event.SynthesisFailed;
import io.mybella.contracts.event.SynthesisRequested;
import io.mybella.contracts.event.Topics;
import io.mybella.voice.erasure.ErasureReceipt;
import io.mybella.voice.job.JobFact;
import io.mybella.voice.job.SpeechJob;
import io.mybella.voice.sample.CustomVoiceChange;
import java.time.Instant;
import java.util.Objects;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Puts what happened to voices into the outbox, in the transaction in which it happened. */
@Component
class VoiceEvents {

  /** Jobs have no other. */
  private static final String FORMAT = "mp3";

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
        key,
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
        key,
        new PersonaErased(
            receipt.erasureId(), receipt.personaId(), SERVICE, receipt.counts(), receipt.at()));
  }

  @EventListener
  void publish(JobFact fact) {
    SpeechJob job = fact.job();
    switch (fact) {
      case JobFact.Requested(_, Instant at) ->
          publish(
              job,
              EventTypes.SYNTHESIS_REQUESTED,
              new SynthesisRequested(
                  job.id(), job.personaId(), job.userId(), FORMAT, job.characters(), at));
      case JobFact.Completed(_, Instant at) ->
          publish(
              job,
              EventTypes.SYNTHESIS_COMPLETED,
              new SynthesisCompleted(
                  job.id(),
                  job.personaId(),
                  job.userId(),
                  FORMAT,
                  Objects.requireNonNull(job.voiceSource()),
                  job.characters(),
                  job.bytes(),
                  at));
      case JobFact.Failed(_, String reason, Instant at) ->
          publish(
              job,
              EventTypes.SYNTHESIS_FAILED,
              new SynthesisFailed(job.id(), job.personaId(), job.userId(), reason, at));
    }
  }

  private void publish(SpeechJob job, String type, Object data) {
    String key = Long.toString(job.personaId());
    outbox.publish(Topics.VOICE_SYNTHESIS, key, type, key, data);
  }
}
