package io.mybella.voice.erasure;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Told within the transaction that completes the erasure of an account.
 *
 * @param erasureId which one
 * @param userId the erased user
 * @param counts what was erased
 * @param at when
 */
public record AccountReceipt(UUID erasureId, long userId, Map<String, Long> counts, Instant at) {

  /** Copies the counts. */
  public AccountReceipt {
    counts = Map.copyOf(counts);
  }
}
