package io.mybella.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.security.Caller;
import io.mybella.chassis.security.Caller.Role;
import org.junit.jupiter.api.Test;

class SignedInTests {

  private static final Caller ADMIN = new Caller(7, Role.ADMIN);

  @Test
  void readsBackWhatItWrote() {
    var signedIn = new SignedIn(ADMIN, 3, "2001:db8::1", "Mozilla/5.0 (X11)");

    assertThat(SignedIn.parse(signedIn.line())).isEqualTo(signedIn);
  }

  @Test
  void aUserAgentCannotForgeFields() {
    var signedIn = new SignedIn(new Caller(7, Role.USER), 0, "192.0.2.1", "x\t8\tADMIN\n9\tADMIN");

    SignedIn read = SignedIn.parse(signedIn.line());

    assertThat(read).isNotNull();
    assertThat(read.caller()).isEqualTo(new Caller(7, Role.USER));
    assertThat(read.userAgent()).doesNotContain("\t", "\n");
  }

  @Test
  void aLongUserAgentIsCut() {
    assertThat(new SignedIn(ADMIN, 3, "", "a".repeat(5_000)).userAgent()).hasSize(200);
  }
}
