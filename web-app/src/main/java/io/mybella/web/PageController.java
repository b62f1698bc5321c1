package io.mybella.web;

import java.net.URI;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;

/** The pages of the web app. Who may see which is the door's business. */
@RestController
class PageController {

  private static final URI PERSONAS = URI.create("/users/personas");

  private final Page login;
  private final Page personas;
  private final Page account;

  PageController(Assets assets, WaysToSignIn ways) {
    this.login = Page.of("login.html", assets, ways);
    this.personas = Page.of("personas.html", assets, ways);
    this.account = Page.of("account.html", assets, ways);
  }

  @GetMapping("/")
  ResponseEntity<String> start() {
    return redirect();
  }

  @GetMapping("/login")
  ResponseEntity<String> login(
      @Nullable Principal caller, @RequestParam(required = false) @Nullable String problem) {
    // Somebody who is signed in may have failed to sign in once more, and is told.
    return caller == null || problem != null ? login.answer() : redirect();
  }

  @GetMapping("/users/personas")
  ResponseEntity<String> personas() {
    return personas.answer();
  }

  @GetMapping("/users/account")
  ResponseEntity<String> account() {
    return account.answer();
  }

  private static ResponseEntity<String> redirect() {
    return ResponseEntity.status(HttpStatus.FOUND)
        .location(PERSONAS)
        .header(HttpHeaders.CACHE_CONTROL, "no-store")
        .build();
  }
}
