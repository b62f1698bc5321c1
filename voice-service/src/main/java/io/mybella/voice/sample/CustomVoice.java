package io.mybella.voice.sample;

import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The custom voice of a persona.
 *
 * @param id id of the sample
 * @param personaId the persona
 * @param blobKey where the sample is kept
 * @param mediaType of the sample
 * @param durationMs how long the sample is, in milliseconds
 * @param consent whether it may be cloned
 * @param cloneVoiceId the clone that speaks; {@code null} as long as there is none
 * @param cloneProblem why there is none, in ElevenLabs' words; {@code null} when nothing went wrong
 * @param createdAt when it was uploaded
 */
public record CustomVoice(
    UUID id,
    long personaId,
    String blobKey,
    String mediaType,
    int durationMs,
    boolean consent,
    @Nullable String cloneVoiceId,
    @Nullable String cloneProblem,
    Instant createdAt) {

  /** How far it is from speaking. */
  public enum Status {
    /** The clone can speak. */
    READY,
    /** The clone is being made. */
    CLONING,
    /** The sample is kept; there is no consent or no key to clone it. */
    STORED
  }

  /**
   * How far it is from speaking.
   *
   * @param canClone whether a cloning service is at hand
   */
  public Status status(boolean canClone) {
    if (cloneVoiceId != null) {
      return Status.READY;
    }
    return consent && canClone ? Status.CLONING : Status.STORED;
  }
}
