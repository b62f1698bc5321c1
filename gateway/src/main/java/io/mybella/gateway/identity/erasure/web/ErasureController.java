package io.mybella.gateway.identity.erasure.web;

import io.mybella.chassis.erasure.ErasureStatus;
import io.mybella.gateway.identity.erasure.Erasures;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The status of erasures, for whoever knows the id. */
@RestController
@RequestMapping("/api/auth/erasures")
class ErasureController {

  private final Erasures erasures;

  ErasureController(Erasures erasures) {
    this.erasures = erasures;
  }

  record ErasureResponse(
      String status, Instant requestedAt, @Nullable Instant completedAt, List<Service> services) {

    record Service(String service, String status, Map<String, Long> counts) {}

    static ErasureResponse of(ErasureStatus status) {
      return new ErasureResponse(
          status.word(),
          status.requestedAt(),
          status.completedAt(),
          status.services().stream()
              .map(receipt -> new Service(receipt.service(), receipt.word(), receipt.counts()))
              .toList());
    }
  }

  @GetMapping("/{erasureId}")
  ResponseEntity<ErasureResponse> status(@PathVariable UUID erasureId) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(ErasureResponse.of(erasures.status(erasureId)));
  }
}
