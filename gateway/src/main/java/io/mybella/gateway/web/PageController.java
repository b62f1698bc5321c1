package io.mybella.gateway.web;

import java.net.URI;
import java.security.Principal;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RestController;

/** The pages of the web app. Who may see which is the door's business. */
@RestController
class PageController {

  private static final URI PERSONAS = URI.create("/users/personas");

  private final Page login;
  private final Page personas;
  private final Page account;

  PageController(Assets assets) {
    this.login = Page.of("login.html", assets);
    this.personas = Page.of("personas.html", assets);
    this.account = Page.of("account.html", assets);
  }

  @GetMapping("/")
  ResponseEntity<String> start() {
    return redirect();
  }

  @GetMapping("/login")
  ResponseEntity<String> login(@Nullable Principal caller) {
    return caller == null ? login.answer() : redirect();
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
