package io.mybella.gateway.identity.oidc.web;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ReturnPathTests {

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/",
        "/users/account",
        "/users/personas?open=3&tab=voice",
        "/users/personas#chat",
        "/users/personas?q=caf%C3%A9#a?b",
        "/docs"
      })
  void ownPagesAreTaken(String path) {
    assertThat(ReturnPath.of(path)).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "https://evil.example/",
        "//evil.example",
        "///evil.example",
        "/\\evil.example",
        "\\\\evil.example",
        "/users//evil.example",
        "/\t/evil.example",
        "/ /evil.example",
        "/%09/evil.example",
        "/%2f/evil.example",
        "/users/account\r\nSet-Cookie: a=b",
        "javascript:alert(1)",
        "evil.example",
        "/@evil.example",
        "/users/é",
        "/a%zz",
        "/a?b=%zz",
        "/a?b=%",
        "/a#%4",
        "/a?b#c#d"
      })
  void everythingElseIsTheUsualPage(String path) {
    assertThat(ReturnPath.of(path)).isEqualTo("/users/personas");
  }

  @Test
  void nothingAndTooMuchAreTheUsualPage() {
    assertThat(ReturnPath.of(null)).isEqualTo("/users/personas");
    assertThat(ReturnPath.of("/" + "a".repeat(500))).isEqualTo("/users/personas");
  }
}
