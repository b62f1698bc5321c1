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
 * @param cloneState what became of it at ElevenLabs
 * @param createdAt when it was uploaded
 */
public record CustomVoice(
    UUID id,
    long personaId,
    String blobKey,
    String mediaType,
    int durationMs,
    boolean consent,
    CloneState cloneState,
    Instant createdAt) {

  /** How far it is from speaking. */
  public enum Status {
    /** The sample is kept; there is no consent to clone it. */
    STORED,
    /** It will be cloned: when its turn comes, when there is a key, or when its persona speaks. */
    WAITING,
    /** The clone is being made. */
    CLONING,
    /** The clone can speak. */
    READY,
    /** The last attempt failed; another one follows by itself. */
    FAILED,
    /** There is a clone, which may not speak before the account's owner has verified the voice. */
    REQUIRES_VERIFICATION
  }

  /**
   * What became of a sample at ElevenLabs.
   *
   * @param voiceId the clone that speaks; {@code null} as long as there is none
   * @param unverified whether the clone may not speak yet
   * @param inMaking whether it is being made
   * @param resting whether it made room for another one, to be made again when its persona speaks
   * @param problem why the last attempt failed, in ElevenLabs' words; {@code null} when none did
   * @param usedAt when its persona last spoke, to a few minutes; {@code null} without a clone
   */
  public record CloneState(
      @Nullable String voiceId,
      boolean unverified,
      boolean inMaking,
      boolean resting,
      @Nullable String problem,
      @Nullable Instant usedAt) {

    static final CloneState NONE = new CloneState(null, false, false, false, null, null);
  }

  /** The clone that speaks; {@code null} as long as there is none. */
  public @Nullable String cloneVoiceId() {
    return cloneState.voiceId;
  }

  /** Why there is none, in ElevenLabs' words; {@code null} when nothing went wrong. */
  public @Nullable String cloneProblem() {
    return cloneState.problem;
  }

  /** How far it is from speaking. */
  public Status status() {
    if (cloneState.voiceId != null) {
      return cloneState.unverified ? Status.REQUIRES_VERIFICATION : Status.READY;
    }
    if (!consent) {
      return Status.STORED;
    }
    if (cloneState.inMaking) {
      return Status.CLONING;
    }
    return cloneState.problem == null ? Status.WAITING : Status.FAILED;
  }
}
