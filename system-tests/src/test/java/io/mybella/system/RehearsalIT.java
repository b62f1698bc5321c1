package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.TestPlatform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Start caches know the classes of what is rehearsed for them: of refusals they would know little.
 */
@Execution(ExecutionMode.CONCURRENT)
@ExtendWith(PlatformExtension.class)
class RehearsalIT {

  @Test
  void everythingThatIsRehearsedGoesWell(TestPlatform platform) throws InterruptedException {
    assertThat(platform.rehearse()).isEmpty();
  }
}
