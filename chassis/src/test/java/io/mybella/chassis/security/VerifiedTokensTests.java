package io.mybella.chassis.security;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.springframework.security.oauth2.jwt.BadJwtException;
import org.springframework.security.oauth2.jwt.Jwt;

class VerifiedTokensTests {

  private static final Instant NOW = Instant.parse("2026-01-01T00:00:00Z");

  private final List<String> verified = new ArrayList<>();

  @Test
  void aTokenIsVerifiedOnceWhileItLives() {
    VerifiedTokens tokens = tokens(NOW);
    assertThat(tokens.decode("one")).isEqualTo(tokens.decode("one"));
    tokens.decode("two");
    assertThat(verified).containsExactly("one", "two");
  }

  @Test
  void anExpiredTokenIsCheckedEveryTime() {
    VerifiedTokens tokens = tokens(NOW.plus(Duration.ofMinutes(6)));
    tokens.decode("one");
    tokens.decode("one");
    assertThat(verified).containsExactly("one", "one");
  }

  @Test
  void aRefusalIsNotRemembered() {
    VerifiedTokens tokens = tokens(NOW);
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> tokens.decode("bad")).isInstanceOf(BadJwtException.class);
    }
    assertThat(verified).containsExactly("bad", "bad");
  }

  private VerifiedTokens tokens(Instant now) {
    return new VerifiedTokens(this::verify, Clock.fixed(now, ZoneOffset.UTC));
  }

  private Jwt verify(String token) {
    verified.add(token);
    if (token.equals("bad")) {
      throw new BadJwtException("not genuine");
    }
    return Jwt.withTokenValue(token)
        .header("alg", "RS256")
        .subject("7")
        .issuedAt(NOW)
        .expiresAt(NOW.plus(Duration.ofMinutes(5)))
        .build();
  }
}
