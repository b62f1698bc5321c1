package io.mybella.operator.doctor;

import io.mybella.contracts.event.Topics;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;

/** Whether the broker is there and has the topics of the platform, with their partitions. */
final class BrokerCheck implements Check {

  /** The topics that services write. */
  static final List<String> TOPICS =
      List.of(
          Topics.PERSONA_LIFECYCLE,
          Topics.PERSONA_SWITCHED,
          Topics.PERSONA_ERASURE,
          Topics.ACCOUNT_LIFECYCLE,
          Topics.VOICE_CHANGED,
          Topics.VOICE_SYNTHESIS);

  private final Installation installation;

  BrokerCheck(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "broker";
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    List<Finding> findings = new ArrayList<>();
    try (Admin admin = Broker.admin(installation)) {
      int nodes = admin.describeCluster().nodes().get().size();
      findings.add(about("").ok("%d node%s".formatted(nodes, nodes == 1 ? "" : "s")));
      Map<String, KafkaFuture<TopicDescription>> topics =
          admin.describeTopics(TOPICS).topicNameValues();
      for (String topic : TOPICS) {
        findings.add(look(topic, Objects.requireNonNull(topics.get(topic), topic)));
      }
    } catch (ExecutionException e) {
      findings.add(
          about("")
              .failed(
                  "no answer at " + installation.broker() + ": " + Reasons.of(e.getCause()),
                  "Start Kafka, or set MYBELLA_KAFKA. Meanwhile events wait, and nothing is"
                      + " lost."));
    }
    return findings;
  }

  private Finding look(String topic, KafkaFuture<TopicDescription> description)
      throws InterruptedException {
    Finding.About about = about(topic);
    try {
      List<TopicPartitionInfo> partitions = description.get().partitions();
      List<TopicPartitionInfo> without =
          partitions.stream().filter(each -> each.leader() == null).toList();
      if (!without.isEmpty()) {
        return about.failed(
            "%d of its partitions have no leader".formatted(without.size()),
            "A node of Kafka is away: bring it back.");
      }
      long behind =
          partitions.stream().filter(each -> each.isr().size() < each.replicas().size()).count();
      if (behind > 0) {
        return about.warning(
            "%d of its partitions have replicas that lag".formatted(behind),
            "A node of Kafka is away or slow; until it is back, events have fewer copies.");
      }
      return partitions.size() == installation.partitions()
          ? about.ok("%d partitions".formatted(partitions.size()))
          : about.warning(
              "%d partitions instead of %d".formatted(partitions.size(), installation.partitions()),
              "It works, with as many consumers at most. It was not made by the platform; more"
                  + " partitions would mix the order of its events.");
    } catch (ExecutionException e) {
      return e.getCause() instanceof UnknownTopicOrPartitionException
          ? about.failed(
              "missing",
              "The service that writes it makes it at its next start; if not, its login may not:"
                  + " see docs/operations.md, MyBellaTopicStalled.")
          : about.failed(Reasons.of(e.getCause()), "See the log of Kafka.");
    }
  }
}
