package io.mybella.local.supervisor;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import org.junit.jupiter.api.Test;

class BackoffTests {

  @Test
  void theWaitDoublesUpToItsLimitHoweverOftenAPartCrashes() {
    Backoff backoff = Backoff.USUAL;
    assertThat(backoff.before(1)).isEqualTo(Duration.ofMillis(500));
    assertThat(backoff.before(2)).isEqualTo(Duration.ofSeconds(1));
    assertThat(backoff.before(6)).isEqualTo(Duration.ofSeconds(16));
    assertThat(backoff.before(7)).isEqualTo(Duration.ofSeconds(30));
    assertThat(backoff.before(1_000_000)).isEqualTo(Duration.ofSeconds(30));
  }
}
