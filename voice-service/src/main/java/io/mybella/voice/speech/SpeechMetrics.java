package io.mybella.voice.speech;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.voice.elevenlabs.ElevenLabsFailure;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.springframework.stereotype.Component;

/**
 * What operators see of speech: {@code mybella.voice.speeches} by {@code source} and {@code cache},
 * {@code mybella.voice.fallbacks} by {@code reason}, {@code mybella.voice.abandoned}.
 */
@Component
class SpeechMetrics {

  /** The reason of a voice that was passed over for a failure of ours. */
  static final String FAULT = "fault";

  /** Of further reasons than these few, which ElevenLabs may think of, none has its own count. */
  private static final String OTHER = "other";

  private static final int MOST_REASONS = 50;

  private final MeterRegistry meters;
  private final Set<String> reasons = ConcurrentHashMap.newKeySet();

  SpeechMetrics(MeterRegistry meters) {
    this.meters = meters;
    // They stand there from the start, so that a rate is seen from the first one on.
    for (VoiceSource source : VoiceSource.values()) {
      speeches(source.wireName(), true);
      speeches(source.wireName(), false);
    }
    new TreeSet<>(ElevenLabsFailure.knownReasons()).forEach(this::fallbacks);
    fallbacks(FAULT);
    abandonments();
  }

  /** A speech was answered, by that voice; {@code cached} when it had been spoken before. */
  void spoken(String source, boolean cached) {
    speeches(source, cached).increment();
  }

  /** A voice was tried and passed over. */
  void passedOver(String reason) {
    fallbacks(reason).increment();
  }

  /** The caller left before the first sound. */
  void abandoned() {
    abandonments().increment();
  }

  private Counter speeches(String source, boolean cached) {
    return meters.counter(
        "mybella.voice.speeches", "source", source, "cache", cached ? "hit" : "miss");
  }

  private Counter fallbacks(String reason) {
    boolean known = reasons.contains(reason) || reasons.size() < MOST_REASONS;
    if (known) {
      reasons.add(reason);
    }
    return meters.counter("mybella.voice.fallbacks", "reason", known ? reason : OTHER);
  }

  private Counter abandonments() {
    return meters.counter("mybella.voice.abandoned");
  }
}
