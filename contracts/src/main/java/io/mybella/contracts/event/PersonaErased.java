package io.mybella.contracts.event;

import java.time.Instant;
import java.util.Map;
import java.util.UUID;

/**
 * The receipt of one service that nothing of a deleted persona is left in it: data of {@link
 * EventTypes#PERSONA_ERASED}.
 *
 * @param erasureId the erasure of {@link PersonaDeleted} that this answers
 * @param personaId the erased persona
 * @param service application name of the service, such as {@code memory-service}
 * @param counts what was erased: table or kind to number, each 0 or more
 * @param occurredAt when the erasure was committed
 */
public record PersonaErased(
    UUID erasureId, long personaId, String service, Map<String, Long> counts, Instant occurredAt) {

  /** Copies the counts. */
  public PersonaErased {
    counts = Map.copyOf(counts);
  }
}
