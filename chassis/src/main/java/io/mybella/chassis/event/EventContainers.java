package io.mybella.chassis.event;

import java.util.Map;
import java.util.function.BiFunction;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.springframework.cloud.stream.binder.kafka.ListenerContainerWithDlqAndRetryCustomizer;
import org.springframework.kafka.KafkaException;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.AbstractMessageListenerContainer;
import org.springframework.kafka.listener.CompositeBatchInterceptor;
import org.springframework.kafka.listener.CompositeRecordInterceptor;
import org.springframework.kafka.listener.DefaultErrorHandler;
import org.springframework.util.backoff.BackOff;
import org.springframework.util.backoff.FixedBackOff;

/**
 * Has the listener containers retry and write dead letters, and not the binder: its retries block
 * the consumer, and must end before its group takes it for dead.
 */
final class EventContainers implements ListenerContainerWithDlqAndRetryCustomizer {

  private final EventInterceptor traces;
  private final EventRetries retries;
  private final KafkaTemplate<byte[], byte[]> deadLetters;

  EventContainers(EventInterceptor traces, EventRetries retries, ProducerFactory<?, ?> producers) {
    this.traces = traces;
    this.retries = retries;
    this.deadLetters = bytes(producers);
  }

  /** A dead letter is the very record that came, whatever its key is made of. */
  @SuppressWarnings("unchecked")
  private static KafkaTemplate<byte[], byte[]> bytes(ProducerFactory<?, ?> producers) {
    return new KafkaTemplate<>(
        (ProducerFactory<byte[], byte[]>) producers,
        Map.of(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class));
  }

  @Override
  public boolean retryAndDlqInBinding(String topic, String group) {
    return false;
  }

  @Override
  @SuppressWarnings("unchecked")
  public void configure(
      AbstractMessageListenerContainer<?, ?> container,
      String topic,
      String group,
      @Nullable BiFunction<ConsumerRecord<?, ?>, Exception, TopicPartition> deadLetterTopics,
      @Nullable BackOff backOff) {
    var errors =
        new DefaultErrorHandler(
            DeadLetterWriter.of(deadLetters, group), new FixedBackOff(), retries);
    // Every failure is judged by the retries, those that Spring takes for fatal as well.
    errors.setClassifications(Map.of(), true);
    errors.setBackOffFunction((event, _) -> retries.backOff(event));
    errors.setRetryListeners(retries);
    // The retries tell what is worth it.
    errors.setLogLevel(KafkaException.Level.DEBUG);
    container.setCommonErrorHandler(errors);
    var events = (AbstractMessageListenerContainer<byte[], byte[]>) container;
    // A container asks one of the two, as its binding takes events one by one or in batches.
    events.setRecordInterceptor(new CompositeRecordInterceptor<>(traces, retries));
    events.setBatchInterceptor(new CompositeBatchInterceptor<>(traces, retries));
  }
}
