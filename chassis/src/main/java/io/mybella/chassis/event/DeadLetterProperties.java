package io.mybella.chassis.event;

import org.jspecify.annotations.Nullable;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;

/**
 * What a process that is started for dead letters does before it ends; see docs/operations.md.
 *
 * @param run what to do; nothing in a service that serves
 * @param topic the topic whose dead letters are meant; empty for all that the service reads
 */
@ConfigurationProperties("mybella.dead-letters")
record DeadLetterProperties(@Nullable Run run, @DefaultValue("") String topic) {

  enum Run {
    LIST,
    REPLAY
  }
}
