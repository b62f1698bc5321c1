package io.mybella.chassis.event;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.common.KafkaException;
import org.springframework.cloud.stream.binder.kafka.support.ConsumerConfigCustomizer;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * Lets no consumer begin before the broker has the topics. A service that starts while the broker
 * is away would otherwise wait for it for many minutes before it serves anybody, and never create
 * its topics; what is refused here is tried again in the background every {@code
 * spring.cloud.stream.binding-retry-interval}.
 */
final class TopicsFirst implements ConsumerConfigCustomizer {

  private final KafkaAdmin admin;
  private final AtomicBoolean there = new AtomicBoolean();

  TopicsFirst(KafkaAdmin admin) {
    this.admin = admin;
  }

  @Override
  public void configure(
      Map<String, Object> consumerProperties, String bindingName, String destination) {
    if (!there.get()) {
      if (!admin.initialize()) {
        throw new KafkaException("The broker is away; " + destination + " is not read yet");
      }
      there.set(true);
    }
  }
}
