package io.mybella.persona.erasure.web;

import io.mybella.persona.erasure.ErasureStatus;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** How far an erasure has come, as callers see it. */
record ErasureResponse(
    long personaId,
    String status,
    Instant requestedAt,
    @Nullable Instant completedAt,
    List<Service> services) {

  record Service(String service, String status, Map<String, Long> counts) {}

  static ErasureResponse of(ErasureStatus erasure) {
    return new ErasureResponse(
        erasure.personaId(),
        word(erasure.isComplete()),
        erasure.requestedAt(),
        erasure.completedAt(),
        erasure.services().stream()
            .map(
                receipt ->
                    new Service(
                        receipt.service(), word(receipt.receivedAt() != null), receipt.counts()))
            .toList());
  }

  private static String word(boolean complete) {
    return complete ? "complete" : "pending";
  }
}
