package io.mybella.chassis.id;

import com.github.f4b6a3.uuid.UuidCreator;
import java.time.Clock;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnMissingBean;
import org.springframework.context.annotation.Bean;

/** Provides the clock and the id generator unless a service or a test brings its own. */
@AutoConfiguration
class IdAutoConfiguration {

  @Bean
  @ConditionalOnMissingBean
  Clock clock() {
    return Clock.systemUTC();
  }

  @Bean
  @ConditionalOnMissingBean
  IdGenerator idGenerator() {
    return UuidCreator::getTimeOrderedEpoch;
  }
}
