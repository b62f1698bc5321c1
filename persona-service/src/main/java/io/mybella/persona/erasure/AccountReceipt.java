package io.mybella.persona.erasure;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * Nothing of an account is left in this service; told within the transaction that erased the last
 * of it.
 *
 * @param erasureId the erasure that this answers
 * @param userId the erased user
 * @param counts what was erased, kind to number
 * @param at when
 */
public record AccountReceipt(UUID erasureId, long userId, Map<String, Long> counts, Instant at) {

  /** Copies the counts. */
  public AccountReceipt {
    counts = Map.copyOf(counts);
  }
}
