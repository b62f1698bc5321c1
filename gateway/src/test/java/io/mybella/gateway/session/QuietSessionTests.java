package io.mybella.gateway.session;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Instant;
import org.junit.jupiter.api.Test;
import org.springframework.session.MapSession;

class QuietSessionTests {

  private static final Instant NOON = Instant.parse("2026-03-01T12:00:00Z");

  private final MapSession stored = new MapSession();
  private final QuietSession<MapSession> session = new QuietSession<>(stored, true);

  @Test
  void useIsNotedOnlyOnceAWhile() {
    stored.setLastAccessedTime(NOON);

    session.setLastAccessedTime(NOON.plus(QuietSession.LAG));
    assertThat(stored.getLastAccessedTime()).isEqualTo(NOON);

    session.setLastAccessedTime(NOON.plus(QuietSession.LAG).plusMillis(1));
    assertThat(stored.getLastAccessedTime()).isAfter(NOON);
  }
}
