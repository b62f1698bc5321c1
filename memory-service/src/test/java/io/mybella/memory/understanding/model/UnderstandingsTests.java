package io.mybella.memory.understanding.model;

import static org.assertj.core.api.Assertions.assertThat;

import io.github.resilience4j.circuitbreaker.CircuitBreakerRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.memory.understanding.Talk;
import io.mybella.memory.understanding.Understanding;
import io.mybella.memory.understanding.Understood;
import io.mybella.model.ModelProperties;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.json.JsonMapper;

class UnderstandingsTests {

  private final CircuitBreakerRegistry breakers = CircuitBreakerRegistry.ofDefaults();
  private final Understanding extract =
      new Understanding() {
        @Override
        public String name() {
          return "extract";
        }

        @Override
        public Understood of(Talk talk) {
          return Understood.NOTHING;
        }
      };

  @Test
  void withoutAModelTheExtractUnderstandsAndNothingOfAModelIsMade() {
    assertThat(understandings("").at(1)).isSameAs(extract);
    assertThat(breakers.getAllCircuitBreakers()).isEmpty();
  }

  @Test
  void aModelIsAskedAsOftenAsItIsSetToBe() {
    Understandings understandings = understandings("http://127.0.0.1:1/v1");

    assertThat(understandings.at(1).name()).isEqualTo("test-model");
    assertThat(understandings.at(3).name()).isEqualTo("test-model");
    assertThat(understandings.at(4)).isSameAs(extract);
  }

  private Understandings understandings(String baseUrl) {
    var second = Duration.ofSeconds(1);
    return new Understandings(
        extract,
        new MemoryModelProperties(
            new ModelProperties(baseUrl, "", "test-model", second, second, second, 10, 10)),
        new UnderstandingProperties(3),
        JsonMapper.builder().build(),
        breakers,
        new SimpleMeterRegistry());
  }
}
