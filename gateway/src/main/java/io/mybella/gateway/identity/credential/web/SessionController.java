package io.mybella.gateway.identity.credential.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.gateway.identity.credential.Credential;
import io.mybella.gateway.identity.credential.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.springframework.http.HttpStatus;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.ResponseStatus;
import org.springframework.web.bind.annotation.RestController;

/** {@code /api/auth/sessions}: where the caller is signed in. */
@RestController
@RequestMapping("/api/auth/sessions")
class SessionController {

  private final Sessions sessions;
  private final Credentials credentials;
  private final SignedIn signedIn;

  SessionController(Sessions sessions, Credentials credentials, SignedIn signedIn) {
    this.sessions = sessions;
    this.credentials = credentials;
    this.signedIn = signedIn;
  }

  @GetMapping
  List<Sessions.Entry> list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
    UUID current = credentials.session(request).map(Credential::id).orElse(null);
    return sessions.of(caller.userId(), current);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void end(
      @AuthenticationPrincipal Caller caller,
      @PathVariable String id,
      HttpServletRequest request,
      HttpServletResponse response) {
    UUID session = id(id).orElseThrow(SessionController::missing);
    Optional<UUID> current = credentials.session(request).map(Credential::id);
    if (!sessions.end(caller.userId(), session)) {
      throw missing();
    }
    if (current.filter(session::equals).isPresent()) {
      // The browser is told as well.
      signedIn.end(request, response);
    }
  }

  /** Sessions have had other names: what is none names nothing. */
  private static Optional<UUID> id(String text) {
    try {
      return Optional.of(UUID.fromString(text));
    } catch (IllegalArgumentException foreign) {
      return Optional.empty();
    }
  }

  private static Problem missing() {
    return Problem.notFound("There is no such session");
  }
}
