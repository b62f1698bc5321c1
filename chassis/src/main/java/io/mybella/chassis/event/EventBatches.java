package io.mybella.chassis.event;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.listener.BatchListenerFailedException;
import org.springframework.kafka.support.KafkaHeaders;
import org.springframework.messaging.Message;
import org.springframework.messaging.support.MessageBuilder;

/**
 * A consumer that takes the events that are there at once, in their order, instead of one after the
 * other. Its binding says {@code batch-mode: true}. A batch has at most {@code max.poll.records}
 * events, of any partitions that this consumer reads.
 *
 * <p>What is promised for single events holds. When the events of a batch cannot be carried out
 * together, they are one by one, up to the one that fails; that one is retried or becomes a dead
 * letter by itself, and those behind it come again. The same goes for one that cannot be read.
 *
 * @param <T> what an event is read as
 */
public final class EventBatches<T> implements Consumer<Message<List<byte[]>>> {

  private static final Logger log = LoggerFactory.getLogger(EventBatches.class);

  private final Function<IncomingEvent, Optional<T>> reader;
  private final Consumer<List<Received<T>>> effect;

  /**
   * A consumer of batches.
   *
   * @param reader reads an event; empty for one that is ignored
   * @param effect of one event or more, in one transaction: when it throws nothing has happened
   */
  public EventBatches(
      Function<IncomingEvent, Optional<T>> reader, Consumer<List<Received<T>>> effect) {
    this.reader = reader;
    this.effect = effect;
  }

  /**
   * Has the effect of the events.
   *
   * @throws BatchListenerFailedException naming the first event that has none; those before it have
   *     theirs, those behind it do not
   */
  @Override
  public void accept(Message<List<byte[]>> batch) {
    // A record may have no value, which is told by an object that is none.
    List<?> values = batch.getPayload();
    List<Map<String, Object>> headers = headers(batch);
    SortedMap<Integer, Received<T>> events = new TreeMap<>();
    for (int place = 0; place < values.size(); place++) {
      try {
        IncomingEvent event = event(headers.get(place), values.get(place));
        int at = place;
        reader.apply(event).ifPresent(data -> events.put(at, new Received<>(event, data)));
      } catch (RuntimeException unreadable) {
        haveEffect(events);
        throw failed(unreadable, place);
      }
    }
    haveEffect(events);
  }

  /** A batch of one, for an event that comes alone. */
  static Message<List<byte[]>> of(Message<byte[]> event) {
    return MessageBuilder.withPayload(List.of(event.getPayload()))
        .setHeader(KafkaHeaders.BATCH_CONVERTED_HEADERS, List.of(event.getHeaders()))
        .build();
  }

  private static IncomingEvent event(Map<String, Object> headers, Object value) {
    if (value instanceof byte[] json) {
      return IncomingEvent.of(headers, json);
    }
    throw new MalformedEventException("The event has no data", null);
  }

  @SuppressWarnings("unchecked") // as Spring says of this header
  private static List<Map<String, Object>> headers(Message<?> batch) {
    Object headers = batch.getHeaders().get(KafkaHeaders.BATCH_CONVERTED_HEADERS);
    if (headers == null) {
      throw new IllegalStateException("A consumer of batches is bound without batch-mode");
    }
    return (List<Map<String, Object>>) headers;
  }

  private void haveEffect(SortedMap<Integer, Received<T>> events) {
    if (events.size() <= 1) {
      oneByOne(events);
      return;
    }
    RuntimeException reason = together(events);
    if (reason != null) {
      oneByOne(events);
      log.info("{} events went well one by one, which together failed", events.size(), reason);
    }
  }

  /** Null when it went well. */
  private @Nullable RuntimeException together(SortedMap<Integer, Received<T>> events) {
    try {
      effect.accept(List.copyOf(events.values()));
      return null;
    } catch (RuntimeException reason) {
      return reason;
    }
  }

  private void oneByOne(SortedMap<Integer, Received<T>> events) {
    events.forEach(
        (place, event) -> {
          try {
            effect.accept(List.of(event));
          } catch (RuntimeException reason) {
            throw failed(reason, place);
          }
        });
  }

  private static BatchListenerFailedException failed(RuntimeException reason, int place) {
    return new BatchListenerFailedException("An event of a batch failed", reason, place);
  }
}
