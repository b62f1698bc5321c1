package io.mybella.chassis.event;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Stream;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.header.Header;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.listener.BackOffHandler;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.listener.ListenerContainerPauseService;
import org.springframework.kafka.listener.MessageListenerContainer;
import org.springframework.kafka.listener.RetryListener;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.BackOffExecution;

/**
 * How often, and after which rest, an event that failed is handled again. A failure that passes
 * ({@link PassingFailures}) is retried until it has passed, a failure of the event itself a few
 * times, what cannot be read not at all.
 *
 * <p>While an event rests its partition is paused, and it alone: the order holds, other partitions
 * go on, and the consumer polls on, so its group keeps it however long this takes.
 *
 * <p>Operators see it in the log when it begins, every five minutes and when it ends, and as {@code
 * mybella.events.stalled} (partitions whose next event waits for something that is away), {@code
 * mybella.events.stalled.age} (seconds the longest of them waits), {@code mybella.events.retries}
 * and {@code mybella.events.dead.letters}.
 */
final class EventRetries implements RetryListener, BackOffHandler, EventInterceptor {

  private static final Logger log = LoggerFactory.getLogger(EventRetries.class);

  private static final Duration TELL_AGAIN = Duration.ofMinutes(5);

  private static final int PASSING_FACTOR = 2;

  /** An event that fails by itself is retried for the sake of what was not foreseen, and soon. */
  private static final int LASTING_FACTOR = 4;

  private final EventProperties.Retry settings;
  private final ListenerContainerPauseService pauses;
  private final Counter retries;
  private final Counter deadLetters;

  /** The event that each partition is stopped at; few, and written by consumers alone. */
  private final Map<TopicPartition, Trial> trials = new ConcurrentHashMap<>();

  /** Reasons that were told since something is away; guarded by this. */
  private final Set<Class<?>> told = new HashSet<>();

  private long toldAt;

  EventRetries(
      EventProperties.Retry settings, ListenerContainerPauseService pauses, MeterRegistry meters) {
    this.settings = settings;
    this.pauses = pauses;
    this.retries = Counter.builder("mybella.events.retries").register(meters);
    this.deadLetters = Counter.builder("mybella.events.dead.letters").register(meters);
    Gauge.builder("mybella.events.stalled", () -> stalled().count()).register(meters);
    Gauge.builder(
            "mybella.events.stalled.age",
            () -> stalled().mapToDouble(Trial::secondsStalled).max().orElse(0))
        .baseUnit("seconds")
        .register(meters);
  }

  /** The rests of one event, for the error handler. */
  BackOff backOff(ConsumerRecord<?, ?> event) {
    return () -> () -> nextRest(event);
  }

  private long nextRest(ConsumerRecord<?, ?> event) {
    Trial trial = trials.get(partition(event));
    return trial == null ? BackOffExecution.STOP : trial.nextRest(settings);
  }

  @Override
  public void failedDelivery(ConsumerRecord<?, ?> event, @Nullable Exception failure, int attempt) {
    Trial trial =
        trials.compute(
            partition(event),
            (_, known) ->
                known != null && known.offset == event.offset()
                    ? known
                    : new Trial(event.offset()));
    trial.failed(failure);
    retries.increment();
    if (trial.passing) {
      tellStalled(event, failure);
    } else {
      tellWhenNoneIsStalled();
    }
  }

  /** Called by the thread that has just told of the failure, before it asks for more events. */
  @Override
  public void onNextBackOff(
      @Nullable MessageListenerContainer container, @Nullable Exception failure, long millis) {
    Objects.requireNonNull(container, "container");
    trials.forEach(
        (partition, trial) -> {
          if (trial.last != null && trial.last.equals(failure)) {
            pauses.pausePartition(container, partition, Duration.ofMillis(millis));
          }
        });
  }

  @Override
  public void recovered(ConsumerRecord<?, ?> event, @Nullable Exception failure) {
    trials.remove(partition(event));
    deadLetters.increment();
    log.error("{} is put aside as a dead letter", name(event), failure);
  }

  @Override
  public void recoveryFailed(
      ConsumerRecord<?, ?> event, @Nullable Exception original, Exception failure) {
    log.warn("{} cannot be put aside: {}", name(event), reason(failure).toString());
    Trial trial = trials.get(partition(event));
    if (trial != null) {
      trial.letterRefused = true;
    }
  }

  @Override
  public ConsumerRecord<byte[], byte[]> intercept(
      ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    return event;
  }

  @Override
  public void success(ConsumerRecord<byte[], byte[]> event, Consumer<byte[], byte[]> consumer) {
    handled(partition(event), event.offset());
  }

  @Override
  public ConsumerRecords<byte[], byte[]> intercept(
      ConsumerRecords<byte[], byte[]> batch, Consumer<byte[], byte[]> consumer) {
    return batch;
  }

  @Override
  public void success(ConsumerRecords<byte[], byte[]> batch, Consumer<byte[], byte[]> consumer) {
    batch.partitions().forEach(partition -> handled(partition, Long.MAX_VALUE));
  }

  /** The events before the one that failed were handled, those of other partitions, too. */
  @Override
  public void failure(
      ConsumerRecords<byte[], byte[]> batch, Exception failure, Consumer<byte[], byte[]> consumer) {
    if (trials.isEmpty()) {
      return;
    }
    int left = placeOfFailure(failure);
    for (ConsumerRecord<byte[], byte[]> event : batch) {
      if (left-- <= 0) {
        return;
      }
      handled(partition(event), event.offset());
    }
  }

  private static int placeOfFailure(Throwable failure) {
    for (Throwable each = failure; each != null; each = each.getCause()) {
      if (each instanceof BatchListenerFailedException known) {
        return known.getIndex();
      }
    }
    return 0;
  }

  /** A partition has been handled up to this offset. */
  private void handled(TopicPartition partition, long offset) {
    Trial trial = trials.isEmpty() ? null : trials.get(partition);
    if (trial != null && trial.offset <= offset) {
      trials.remove(partition);
      tellWhenNoneIsStalled();
    }
  }

  /** One that nobody tries any more belongs to another instance of the service by now. */
  private Stream<Trial> stalled() {
    Duration tried = settings.longest().multipliedBy(2).plusMinutes(1);
    return trials.values().stream().filter(trial -> trial.passing && trial.failedWithin(tried));
  }

  private synchronized void tellStalled(ConsumerRecord<?, ?> event, @Nullable Exception failure) {
    long now = System.nanoTime();
    Throwable reason = reason(failure);
    if (told.add(reason.getClass()) || now - toldAt > TELL_AGAIN.toNanos()) {
      toldAt = now;
      log.warn(
          "Events wait, {} is tried again until it passes: {}", name(event), reason.toString());
    }
  }

  private synchronized void tellWhenNoneIsStalled() {
    if (!told.isEmpty() && stalled().findAny().isEmpty()) {
      told.clear();
      log.info("What events waited for is there again: they are handled");
    }
  }

  private static TopicPartition partition(ConsumerRecord<?, ?> event) {
    return new TopicPartition(event.topic(), event.partition());
  }

  private static String name(ConsumerRecord<?, ?> event) {
    return "%s-%d @ %d (%s %s)"
        .formatted(
            event.topic(),
            event.partition(),
            event.offset(),
            header(event, CloudEventHeaders.TYPE),
            header(event, CloudEventHeaders.ID));
  }

  private static String header(ConsumerRecord<?, ?> event, String name) {
    Header header = event.headers().lastHeader(name);
    return header == null ? "" : new String(header.value(), StandardCharsets.UTF_8);
  }

  private static Throwable reason(@Nullable Exception failure) {
    return NestedExceptionUtils.getMostSpecificCause(Objects.requireNonNull(failure, "failure"));
  }

  /** The attempts at one event: written by the thread of its consumer, read by metrics. */
  private static final class Trial {

    private final long offset;
    private final long begun = System.nanoTime();
    private volatile long failedAt = begun;
    private volatile boolean passing;
    private volatile @Nullable Exception last;
    private int passingFailures;
    private int lastingFailures;
    private boolean letterRefused;

    Trial(long offset) {
      this.offset = offset;
    }

    void failed(@Nullable Exception failure) {
      last = failure;
      failedAt = System.nanoTime();
      passing = PassingFailures.isPassing(failure);
      if (passing) {
        passingFailures++;
      } else {
        passingFailures = 0;
        lastingFailures++;
      }
    }

    long nextRest(EventProperties.Retry settings) {
      if (passing) {
        return rest(settings, PASSING_FACTOR, passingFailures);
      }
      if (letterRefused) {
        letterRefused = false;
        return settings.longest().toMillis();
      }
      return lastingFailures >= settings.attempts() || unreadable()
          ? BackOffExecution.STOP
          : rest(settings, LASTING_FACTOR, lastingFailures);
    }

    private static long rest(EventProperties.Retry settings, int factor, int failures) {
      long longest = settings.longest().toMillis();
      long rest = settings.first().toMillis();
      for (int each = 1; each < failures && rest < longest; each++) {
        rest *= factor;
      }
      return Math.min(rest, longest);
    }

    private boolean unreadable() {
      for (Throwable each = last; each != null; each = each.getCause()) {
        if (each instanceof MalformedEventException) {
          return true;
        }
      }
      return false;
    }

    boolean failedWithin(Duration time) {
      return System.nanoTime() - failedAt < time.toNanos();
    }

    double secondsStalled() {
      return (System.nanoTime() - begun) / 1e9;
    }
  }
}
