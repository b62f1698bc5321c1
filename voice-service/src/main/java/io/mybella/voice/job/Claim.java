package io.mybella.voice.job;

import io.mybella.voice.persona.KnownPersona;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A job that a worker has taken.
 *
 * @param lease proves for a while that it is this worker's
 * @param attempts how often it was taken, this time included
 * @param said how many pieces are there already
 * @param voiceSource which voice said them; null when there is none
 */
record Claim(
    UUID jobId,
    UUID lease,
    long userId,
    KnownPersona persona,
    String text,
    int attempts,
    int said,
    @Nullable String voiceSource) {

  /** Keeps the text out of logs. */
  @Override
  public String toString() {
    return "Claim[" + jobId + ", attempt " + attempts + "]";
  }
}
