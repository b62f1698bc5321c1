package io.mybella.memory.work;

import jakarta.validation.constraints.AssertTrue;
import java.time.Duration;
import java.util.Set;
import org.hibernate.validator.constraints.time.DurationMin;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * Settings of the work in the background.
 *
 * @param pollInterval how often a replica looks for work that others have asked for; what is asked
 *     for in its own process it does at once
 * @param turn after how long a piece of work lets others of its kind have their turn
 * @param lease after how long another replica takes up the work of one that has died; more than a
 *     turn and the longest step of any work, which is a call of the language model
 *     (mybella.memory.model.timeout)
 * @param firstPause how long work in the background rests after its first failure; the pause
 *     doubles each time
 * @param longestPause how long failing work rests at most
 * @param kinds the kinds of work that this process does; empty: all of them
 */
@Validated
@ConfigurationProperties("mybella.memory.work")
record WorkProperties(
    @DefaultValue("1s") @DurationMin(millis = 10) Duration pollInterval,
    @DefaultValue("10s") @DurationMin(millis = 10) Duration turn,
    @DefaultValue("90s") @DurationMin(millis = 100) Duration lease,
    @DefaultValue("2s") @DurationMin(millis = 10) Duration firstPause,
    @DefaultValue("5m") @DurationMin(millis = 10) Duration longestPause,
    @DefaultValue Set<String> kinds) {

  @AssertTrue(message = "mybella.memory.work.lease must be longer than a turn")
  boolean isLeaseLongerThanATurn() {
    return lease.compareTo(turn) > 0;
  }

  /** Whether this process does what a handler does. */
  boolean isDoneHere(WorkHandler handler) {
    return handler.isOnDuty() && (kinds.isEmpty() || kinds.contains(handler.kind().name()));
  }

  /** How long work rests after that many failures in a row. */
  Duration pauseAfter(int attempts) {
    int doublings = Math.clamp(attempts - 1L, 0, 30);
    long millis = Math.min(firstPause.toMillis() << doublings, longestPause.toMillis());
    return Duration.ofMillis(millis < 0 ? longestPause.toMillis() : millis);
  }
}
