package io.mybella.persona.erasure.web;

import io.mybella.chassis.erasure.ErasureStatus;
import io.mybella.persona.erasure.PersonaErasure;
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

  static ErasureResponse of(PersonaErasure erasure) {
    ErasureStatus status = erasure.status();
    return new ErasureResponse(
        erasure.personaId(),
        status.word(),
        status.requestedAt(),
        status.completedAt(),
        status.services().stream()
            .map(receipt -> new Service(receipt.service(), receipt.word(), receipt.counts()))
            .toList());
  }
}
