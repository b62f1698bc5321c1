package io.mybella.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class IdleTests {

  private final CountDownLatch ended = new CountDownLatch(1);
  private final AtomicInteger looks = new AtomicInteger();

  @Test
  void anIdlePlatformCollectsItsGarbageAgainAndAgainUntilItEnds(@TempDir Path folder)
      throws IOException, InterruptedException {
    Path collections = folder.resolve("collections.log");
    LocalPlatform platform =
        LocalPlatform.prepare(
            TestPlatform.onFreePorts(folder.resolve("home"), Map.of()), line -> {});
    Thread tidying;
    try (platform) {
      platform
          .supervisor()
          .start(
              List.of(StandInProgram.in(folder, "part", Map.of(), "-Xlog:gc:file=" + collections)));
      Duration soon = Duration.ofMillis(5);
      tidying =
          Thread.ofVirtual().start(() -> platform.useIdleTime(new Idle(() -> 0.1, soon, soon)));
      await()
          .atMost(Duration.ofSeconds(30))
          .until(() -> Files.readString(collections).split("System.gc\\(\\)", -1).length > 3);
    }
    tidying.join();
  }

  @Test
  void fiveQuietLooksInARowAreIdleAndTheFirstLookTellsNothing() throws InterruptedException {
    assertThat(machine(look -> look == 4 ? 0.31 : 0.29).await(ended)).isTrue();
    assertThat(looks).hasValue(4 + 5);
    looks.set(0);
    assertThat(machine(_ -> 0).await(ended)).isTrue();
    assertThat(looks).hasValue(1 + 5);
  }

  @Test
  void aMachineThatIsNeverIdleIsUsedInTheEnd() throws InterruptedException {
    assertThat(machine(_ -> 1).await(ended)).isTrue();
    assertThat(looks).hasValue(300);
  }

  @Test
  void nobodyWaitsForAPlatformThatEnded() throws InterruptedException {
    ended.countDown();
    assertThat(machine(_ -> 0).await(ended)).isFalse();
    assertThat(machine(_ -> 0).awaitNext(ended)).isFalse();
    assertThat(looks).hasValue(0);
  }

  /** One whose load depends on the number of the look, from 1. */
  private Idle machine(IntToDoubleFunction load) {
    return new Idle(
        () -> load.applyAsDouble(looks.incrementAndGet()), Duration.ZERO, Duration.ZERO);
  }
}
