package io.mybella.gateway.session.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.chassis.security.Caller;
import io.mybella.gateway.session.Sessions;
import jakarta.servlet.http.HttpServletRequest;
import java.util.List;
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

  SessionController(Sessions sessions) {
    this.sessions = sessions;
  }

  @GetMapping
  List<Sessions.View> list(@AuthenticationPrincipal Caller caller, HttpServletRequest request) {
    return sessions.of(caller.userId(), request);
  }

  @DeleteMapping("/{id}")
  @ResponseStatus(HttpStatus.NO_CONTENT)
  void end(
      @AuthenticationPrincipal Caller caller, @PathVariable String id, HttpServletRequest request) {
    if (!sessions.end(caller.userId(), id, request)) {
      throw Problem.notFound("There is no such session");
    }
  }
}
