package io.mybella.persona.erasure.web;

import io.mybella.chassis.security.Caller;
import io.mybella.persona.erasure.Erasures;
import io.mybella.persona.erasure.PersonaErasure;
import io.mybella.persona.identity.UserId;
import java.util.UUID;
import org.springframework.http.CacheControl;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RestController;

/** The status of erasures, for whoever asked for them. */
@RestController
@RequestMapping("/api/personas/erasures")
class ErasureController {

  private final Erasures erasures;

  ErasureController(Erasures erasures) {
    this.erasures = erasures;
  }

  @GetMapping("/{erasureId}")
  ResponseEntity<PersonaErasure> status(Caller caller, @PathVariable UUID erasureId) {
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noStore())
        .body(erasures.status(UserId.of(caller), erasureId));
  }
}
