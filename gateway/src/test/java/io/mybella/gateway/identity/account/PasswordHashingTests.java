package io.mybella.gateway.identity.account;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.security.crypto.argon2.Argon2PasswordEncoder;
import org.springframework.security.crypto.password.DelegatingPasswordEncoder;

class PasswordHashingTests {

  private static final int KILOBYTES = 256;

  private final DelegatingPasswordEncoder encoder =
      new DelegatingPasswordEncoder(
          "argon2", Map.of("argon2", new Argon2PasswordEncoder(16, 32, 1, KILOBYTES, 2)));

  @Test
  void theHashOfNothingIsWorkedOnLikeAnyOtherAndMatchesNothing() {
    String nothing = PasswordHashing.hashOfNothing(KILOBYTES);

    // As long as a hash of today, and with its costs: what cannot be read would be refused at once.
    assertThat(nothing).hasSameSizeAs(encoder.encode("password"));
    assertThat(encoder.upgradeEncoding(nothing)).isFalse();
    assertThat(encoder.upgradeEncoding(PasswordHashing.hashOfNothing(KILOBYTES / 2))).isTrue();
    assertThat(encoder.matches("", nothing)).isFalse();
    assertThat(encoder.matches("nobody has this password", nothing)).isFalse();
  }

  @Test
  void nothingIsEverTheSame() {
    assertThat(PasswordHashing.hashOfNothing(KILOBYTES))
        .isNotEqualTo(PasswordHashing.hashOfNothing(KILOBYTES));
  }
}
