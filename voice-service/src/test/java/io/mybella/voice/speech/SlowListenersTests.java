package io.mybella.voice.speech;

import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mybella.chassis.http.CallerSlots;
import io.mybella.chassis.problem.Problem;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.springframework.boot.context.properties.bind.Binder;
import org.springframework.core.env.StandardEnvironment;
import org.springframework.http.HttpStatus;

/** Speeches that are under way for as long as their listeners take. */
class SlowListenersTests {

  private static final SpeechProperties DEFAULTS =
      Binder.get(new StandardEnvironment())
          .bindOrCreate("mybella.voice.speech", SpeechProperties.class);

  @Test
  void oneAccountDoesNotHoldAllPlaces() {
    SpeechPlaces places = new SpeechPlaces(DEFAULTS);
    List<CallerSlots.Slot> taken =
        LongStream.range(0, DEFAULTS.atOncePerAccount()).mapToObj(_ -> places.take(1)).toList();
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> places.take(1))
        .returns(HttpStatus.TOO_MANY_REQUESTS, Problem::status);

    places.take(2);
    taken.getFirst().close();
    places.take(1);
  }

  @Test
  void allAccountsTogetherHaveNoMoreThanThereAre() {
    SpeechPlaces places = new SpeechPlaces(DEFAULTS);
    List<CallerSlots.Slot> taken =
        LongStream.range(0, DEFAULTS.atOnce()).mapToObj(places::take).toList();
    assertThatExceptionOfType(Problem.class)
        .isThrownBy(() -> places.take(DEFAULTS.atOnce()))
        .returns(HttpStatus.SERVICE_UNAVAILABLE, Problem::status);

    taken.getFirst().close();
    places.take(DEFAULTS.atOnce());
  }
}
