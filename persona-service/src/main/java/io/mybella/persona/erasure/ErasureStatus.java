package io.mybella.persona.erasure;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far an erasure has come.
 *
 * @param completedAt when the last receipt arrived; null while one is missing
 * @param services who must answer, by name
 */
public record ErasureStatus(
    long personaId, Instant requestedAt, @Nullable Instant completedAt, List<Receipt> services) {

  /** Copies the list. */
  public ErasureStatus {
    services = List.copyOf(services);
  }

  /** Whether every service has answered. */
  public boolean isComplete() {
    return completedAt != null;
  }

  /**
   * What one service answered.
   *
   * @param receivedAt null while it has not
   * @param counts what it erased, kind to number
   */
  public record Receipt(String service, @Nullable Instant receivedAt, Map<String, Long> counts) {

    /** Copies the counts. */
    public Receipt {
      counts = Map.copyOf(counts);
    }
  }
}
