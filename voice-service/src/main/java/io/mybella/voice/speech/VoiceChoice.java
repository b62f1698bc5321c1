package io.mybella.voice.speech;

import io.mybella.voice.sample.CustomVoice;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The voices that will be tried for a persona.
 *
 * @param candidates in the order in which they are tried; the last one is the system default
 * @param passedOver why better voices are not among them, such as {@code no_api_key}; without
 *     repetition
 * @param customVoice the custom voice, speaking or not; {@code null} when there is none
 */
public record VoiceChoice(
    List<Candidate> candidates, List<String> passedOver, @Nullable CustomVoice customVoice) {

  /** Copies the lists. */
  public VoiceChoice {
    candidates = List.copyOf(candidates);
    passedOver = List.copyOf(passedOver);
  }

  /** The voice that is tried first. */
  public Candidate best() {
    return candidates.getFirst();
  }

  /**
   * A voice.
   *
   * @param source where it comes from
   * @param voiceId its id at ElevenLabs; {@code null} for the system default
   */
  public record Candidate(VoiceSource source, @Nullable String voiceId) {

    static final Candidate SYSTEM = new Candidate(VoiceSource.DEFAULT, null);
  }
}
