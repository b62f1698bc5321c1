package io.mybella.chassis.event;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.kafka.core.KafkaAdmin;

/** What the broker has of the topics that a service needs. Each answer has the admin's limits. */
final class BrokerTopics implements AutoCloseable {

  private static final Logger log = LoggerFactory.getLogger(BrokerTopics.class);

  private final Admin admin;

  BrokerTopics(KafkaAdmin settings) {
    admin = Admin.create(settings.getConfigurationProperties());
  }

  /**
   * Creates those that are missing, and leaves the others as they are.
   *
   * @throws KafkaException when the broker is away, or refuses one
   */
  void create(List<NewTopic> wanted) {
    List<NewTopic> missing = new ArrayList<>();
    Map<String, KafkaFuture<TopicDescription>> descriptions =
        admin.describeTopics(wanted.stream().map(NewTopic::name).toList()).topicNameValues();
    for (NewTopic topic : wanted) {
      if (isThere(topic, Objects.requireNonNull(descriptions.get(topic.name())))) {
        log.debug("{} is there", topic.name());
      } else {
        missing.add(topic);
      }
    }
    admin.createTopics(missing).values().values().forEach(BrokerTopics::awaitCreation);
  }

  private static boolean isThere(NewTopic wanted, KafkaFuture<TopicDescription> description) {
    try {
      int partitions = await(description).partitions().size();
      if (partitions != wanted.numPartitions()) {
        log.warn(
            "{} has {} partitions and keeps them, though mybella.events.partitions is {}",
            wanted.name(),
            partitions,
            wanted.numPartitions());
      }
      return true;
    } catch (UnknownTopicOrPartitionException missing) {
      return false;
    }
  }

  private static void awaitCreation(KafkaFuture<Void> creation) {
    try {
      await(creation);
    } catch (TopicExistsException first) {
      log.debug("Another service was faster: {}", first.getMessage());
    }
  }

  private static <T> T await(KafkaFuture<T> answer) {
    try {
      return answer.get();
    } catch (ExecutionException failed) {
      throw failed.getCause() instanceof KafkaException refused
          ? refused
          : new KafkaException(failed.getCause());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new KafkaException(interrupted);
    }
  }

  @Override
  public void close() {
    // Nothing is under way that anybody waits for.
    admin.close(Duration.ZERO);
  }
}
