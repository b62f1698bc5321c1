package io.mybella.gateway.identity.account;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The expected hashes were computed with Python's {@code hashlib}, as Werkzeug does. */
class WerkzeugPasswordEncoderTests {

  private final WerkzeugPasswordEncoder encoder = new WerkzeugPasswordEncoder();

  @ParameterizedTest
  @CsvSource({
    "päss wörd,"
        + " pbkdf2:sha256:600$xyzSALT9$b87328cb916e61c3fa36e9c0512233659f40480b9c28cf58354a6fda03bccc66",
    "legacy password,"
        + " pbkdf2:sha512:500$saltsalt$00ef23422881803ad46ec075b7463c91547f08f2b72466c8c4c6f5e18bdef2eac8e1e75be7bfd459b226fc4703d8a144963bc29de599cbd1f5f9b39ac799d6c1",
    "legacy password,"
        + " scrypt:32768:8:1$saltsalt$2572a06e0435211b6c680cf33cbe6bc9926907da116ac896f39d1b9c1330e45189ccf2862934c0ba03ce9b6dfc162995b5ce14745b61c6583113e5d0b1892e92"
  })
  void takesThePasswordAndNoOther(String password, String hash) {
    assertThat(encoder.matches(password, hash)).isTrue();
    assertThat(encoder.matches(password + " ", hash)).isFalse();
    assertThat(encoder.upgradeEncoding(hash)).isTrue();
    assertThat(WerkzeugPasswordEncoder.canVerify(hash)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "$$",
        "plain$$",
        "pbkdf2:sha256$salt$00",
        "pbkdf2:sha256:0$salt$00",
        "pbkdf2:sha256:2000000000$salt$00",
        "pbkdf2:md4:1$salt$00",
        "pbkdf2:sha256:1$salt$",
        "pbkdf2:sha256:1$salt$zz",
        "scrypt:32768:8$salt$00",
        "scrypt:1073741824:8:1$salt$00",
        "scrypt:3:8:1$salt$00",
        "scrypt:32768:8:1$salt$",
        "scrypt:32768:8:99$salt$00",
        "scrypt:32768:64:1$salt$00",
        "md5$salt$00",
        "{argon2}$argon2id$v=19$m=16384,t=2,p=1$c2FsdA$aGFzaA"
      })
  void anUnreadableHashMatchesNothing(String hash) {
    assertThat(encoder.matches("", hash)).isFalse();
    assertThat(encoder.matches("password", hash)).isFalse();
    assertThat(WerkzeugPasswordEncoder.canVerify(hash)).isFalse();
  }

  @Test
  void nullMatchesNothing() {
    assertThat(encoder.matches(null, "scrypt:32768:8:1$a$00")).isFalse();
    assertThat(encoder.matches("password", null)).isFalse();
  }
}
