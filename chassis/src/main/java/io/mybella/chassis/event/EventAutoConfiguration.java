package io.mybella.chassis.event;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.tracing.Tracer;
import io.micrometer.tracing.propagation.Propagator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.NewTopic;
import org.springframework.beans.factory.ObjectProvider;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.boot.autoconfigure.AutoConfiguration;
import org.springframework.boot.autoconfigure.condition.ConditionalOnClass;
import org.springframework.boot.autoconfigure.condition.ConditionalOnProperty;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.kafka.autoconfigure.KafkaAutoConfiguration;
import org.springframework.boot.kafka.autoconfigure.KafkaConnectionDetails;
import org.springframework.cloud.stream.binder.BinderFactory;
import org.springframework.cloud.stream.binder.kafka.ListenerContainerWithDlqAndRetryCustomizer;
import org.springframework.cloud.stream.binding.BindingService;
import org.springframework.cloud.stream.config.BindingServiceConfiguration;
import org.springframework.cloud.stream.config.BindingServiceProperties;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.annotation.Bean;
import org.springframework.core.env.Environment;
import org.springframework.kafka.config.KafkaListenerEndpointRegistry;
import org.springframework.kafka.config.TopicBuilder;
import org.springframework.kafka.core.ConsumerFactory;
import org.springframework.kafka.core.KafkaAdmin;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.core.ProducerFactory;
import org.springframework.kafka.listener.ListenerContainerPauseService;
import org.springframework.messaging.Message;
import org.springframework.scheduling.TaskScheduler;
import tools.jackson.databind.json.JsonMapper;

/** Creates the topics a service writes, those it reads, and their dead letter topics. */
@AutoConfiguration(after = KafkaAutoConfiguration.class, before = BindingServiceConfiguration.class)
@ConditionalOnClass({KafkaAdmin.class, BindingService.class})
@EnableConfigurationProperties({EventProperties.class, DeadLetterProperties.class})
class EventAutoConfiguration {

  @Bean
  EventTopics eventTopics(
      ApplicationEventPublisher events,
      KafkaAdmin admin,
      KafkaConnectionDetails kafka,
      EventProperties properties,
      DeadLetterProperties deadLetters,
      BindingServiceProperties bindings,
      Environment environment) {
    return new EventTopics(
        events,
        admin,
        kafka.getAdmin().getBootstrapServers(),
        topics(properties, bindings, environment),
        deadLetters.run() == null);
  }

  private static List<NewTopic> topics(
      EventProperties properties, BindingServiceProperties bindings, Environment environment) {
    String group = environment.getRequiredProperty("spring.application.name");
    Set<String> names = new LinkedHashSet<>(properties.topics());
    bindings
        .getBindings()
        .forEach(
            (name, binding) -> {
              String topic = binding.getDestination();
              if (topic != null && name.contains("-in-")) {
                names.add(topic);
                names.add(deadLetterTopic(topic, group));
              }
            });
    return names.stream().map(name -> topic(name, properties)).toList();
  }

  @Bean
  BindingService bindingService(
      BindingServiceProperties properties,
      BinderFactory binders,
      TaskScheduler taskScheduler,
      JsonMapper json,
      EventTopics topics) {
    return new DeferredBindingService(properties, binders, taskScheduler, json, topics);
  }

  @Bean
  EventRetries eventRetries(
      EventProperties properties, TaskScheduler taskScheduler, MeterRegistry meters) {
    // The container of a partition comes with its failure: no registry is asked.
    var pauses =
        new ListenerContainerPauseService(new KafkaListenerEndpointRegistry(), taskScheduler);
    return new EventRetries(properties.retry(), pauses, meters);
  }

  @Bean
  ListenerContainerWithDlqAndRetryCustomizer eventContainers(
      ObjectProvider<Tracer> tracer,
      ObjectProvider<Propagator> propagator,
      EventRetries retries,
      ProducerFactory<?, ?> producers,
      @Value("${spring.application.name}") String service) {
    Tracer recording = tracer.getIfAvailable();
    return new EventContainers(
        recording == null
            ? new EventTraces()
            : new EventSpans(recording, propagator.getObject(), service),
        retries,
        producers);
  }

  /** Only in a process that is started for them. */
  @Bean
  @ConditionalOnProperty("mybella.dead-letters.run")
  DeadLetterCommand deadLetterCommand(
      DeadLetterProperties properties,
      ConsumerFactory<?, ?> kafka,
      KafkaTemplate<String, byte[]> producer,
      BindingServiceProperties bindings,
      Optional<Map<String, Consumer<Message<byte[]>>>> consumers,
      Optional<Map<String, Consumer<Message<List<byte[]>>>>> batchConsumers,
      EventTopics topics,
      Environment environment) {
    Map<String, Consumer<Message<byte[]>>> byName = new TreeMap<>(consumers.orElse(Map.of()));
    batchConsumers
        .orElse(Map.of())
        .forEach((name, batches) -> byName.put(name, one -> batches.accept(EventBatches.of(one))));
    Map<String, Consumer<Message<byte[]>>> handlers = new TreeMap<>();
    bindings
        .getBindings()
        .forEach(
            (name, binding) -> {
              var handler = byName.get(name.replaceFirst("-in-\\d+$", ""));
              if (handler != null && binding.getDestination() != null) {
                handlers.put(binding.getDestination(), handler);
              }
            });
    String service = environment.getRequiredProperty("spring.application.name");
    return new DeadLetterCommand(
        topics,
        new DeadLetters(kafka.getConfigurationProperties(), producer, handlers, service),
        properties);
  }

  private static NewTopic topic(String name, EventProperties properties) {
    TopicBuilder topic =
        TopicBuilder.name(name).partitions(properties.partitions()).replicas(properties.replicas());
    return properties.compacted().contains(name) ? topic.compact().build() : topic.build();
  }

  static String deadLetterTopic(String topic, String group) {
    return topic + "." + group + ".dlq";
  }
}
