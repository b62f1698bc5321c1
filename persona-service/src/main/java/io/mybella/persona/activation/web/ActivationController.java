package io.mybella.persona.activation.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.persona.activation.ActivePersonas;
import io.mybella.persona.catalog.PersonaDirectory;
import io.mybella.persona.catalog.PersonaException;
import io.mybella.persona.catalog.PersonaView;
import io.mybella.persona.catalog.web.PersonaResponse;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The active persona over HTTP. */
@RestController
@RequestMapping("/api/personas")
class ActivationController {

  private static final Pattern NUMBER = Pattern.compile("-?[0-9]+");

  /** A longer number fits no id. */
  private static final int MOST_DIGITS = 18;

  private final ActivePersonas activePersonas;
  private final PersonaDirectory directory;

  ActivationController(ActivePersonas activePersonas, PersonaDirectory directory) {
    this.activePersonas = activePersonas;
    this.directory = directory;
  }

  @GetMapping("/current")
  ResponseEntity<PersonaResponse> current(Caller caller) {
    PersonaView persona = directory.current(UserId.of(caller));
    // The tag of one persona says nothing here: another one may be the current one next time.
    return ResponseEntity.ok()
        .cacheControl(CacheControl.noCache().cachePrivate())
        .header("Content-Location", "/api/personas/" + persona.id())
        .body(PersonaResponse.of(persona));
  }

  @PostMapping(path = "/switch", consumes = MediaType.APPLICATION_JSON_VALUE)
  SwitchResponse switchTo(Caller caller, @RequestBody(required = false) @Nullable SwitchBody body) {
    return switchTo(caller, body == null ? null : body.personaId());
  }

  @PostMapping(
      path = "/switch",
      consumes = {MediaType.MULTIPART_FORM_DATA_VALUE, MediaType.APPLICATION_FORM_URLENCODED_VALUE})
  SwitchResponse switchByForm(
      Caller caller, @RequestParam(name = "persona_id", required = false) @Nullable String id) {
    return switchTo(caller, id);
  }

  private SwitchResponse switchTo(Caller caller, @Nullable String writtenId) {
    String id = writtenId == null ? "" : writtenId.strip();
    if (id.isEmpty()) {
      String missing = "persona_id is required";
      throw Problem.badRequest(missing).withError("persona_id", missing);
    }
    if (!NUMBER.matcher(id).matches()) {
      String wrong = "persona_id must be a number";
      throw Problem.badRequest(wrong).withError("persona_id", wrong);
    }
    if (id.length() > MOST_DIGITS) {
      throw new PersonaException.NotFound();
    }
    return SwitchResponse.of(
        activePersonas.switchTo(UserId.of(caller), new PersonaId(Long.parseLong(id))));
  }
}
