package io.mybella.chassis.request;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class RequestIdFilterTests {

  private static final String EVERY_KIND = "[A-Za-z0-9._-]{8,64}";

  @Test
  void anIdThatIsKeptHasNothingToEscape() {
    IntStream.rangeClosed(0, 0x200)
        .mapToObj(c -> "request" + (char) c)
        .forEach(
            id ->
                assertThat(RequestIdFilter.isWellFormed(id))
                    .as(id)
                    .isEqualTo(id.matches(EVERY_KIND)));
    IntStream.rangeClosed(0, 70)
        .mapToObj("x"::repeat)
        .forEach(
            id ->
                assertThat(RequestIdFilter.isWellFormed(id))
                    .as(id)
                    .isEqualTo(id.matches(EVERY_KIND)));
  }
}
