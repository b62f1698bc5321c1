package io.mybella.chassis.erasure;

import com.fasterxml.jackson.annotation.JsonIgnore;
import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.annotation.JsonPropertyOrder;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How far an erasure has come, as it is known and as callers read it.
 *
 * @param completedAt when the last receipt arrived; null while one is missing
 * @param services who must answer, by name
 */
@JsonPropertyOrder({"status", "requestedAt", "completedAt", "services"})
public record ErasureStatus(
    Instant requestedAt, @Nullable Instant completedAt, List<Receipt> services) {

  /** Copies the list. */
  public ErasureStatus {
    services = List.copyOf(services);
  }

  /** Complete when no receipt is missing. */
  static ErasureStatus of(Instant requestedAt, List<Receipt> services) {
    Instant last = Instant.MIN;
    for (Receipt receipt : services) {
      Instant at = receipt.receivedAt();
      last = at == null ? Instant.MAX : at.isAfter(last) ? at : last;
    }
    return new ErasureStatus(requestedAt, last.equals(Instant.MAX) ? null : last, services);
  }

  /** {@code pending} or {@code complete}, as callers are told. */
  @JsonProperty("status")
  public String word() {
    return completedAt == null ? "pending" : "complete";
  }

  /**
   * What one service answered.
   *
   * @param receivedAt null while it has not
   * @param counts what it erased, kind to number
   */
  @JsonPropertyOrder({"service", "status", "counts"})
  public record Receipt(
      String service, @JsonIgnore @Nullable Instant receivedAt, Map<String, Long> counts) {

    /** Copies the counts. */
    public Receipt {
      counts = Map.copyOf(counts);
    }

    /** {@code pending} or {@code complete}, as callers are told. */
    @JsonProperty("status")
    public String word() {
      return receivedAt == null ? "pending" : "complete";
    }
  }
}
