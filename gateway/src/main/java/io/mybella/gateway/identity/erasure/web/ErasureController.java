package io.mybella.gateway.identity.erasure.web;

import io.mybella.chassis.erasure.ErasureStatus;
import io.mybella.gateway.identity.erasure.Erasures;
import java.util.UUID;
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

  @GetMapping("/{erasureId}")
  ResponseEntity<ErasureStatus> status(@PathVariable UUID erasureId) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(erasures.status(erasureId));
  }
}
