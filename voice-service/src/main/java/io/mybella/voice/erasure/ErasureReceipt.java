package io.mybella.voice.erasure;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Told within the transaction that completes an erasure.
 *
 * @param erasureId which one
 * @param personaId the persona
 * @param counts what was erased
 * @param at when
 */
public record ErasureReceipt(UUID erasureId, long personaId, Map<String, Long> counts, Instant at) {

  /** Copies the counts. */
  public ErasureReceipt {
    counts = Map.copyOf(counts);
  }
}
