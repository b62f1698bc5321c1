package io.mybella.operator.doctor;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.ExecutionException;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicPartition;

/** Whether there are events that a service could not handle and put aside. */
final class DeadLettersCheck implements Check {

  private static final String SUFFIX = ".dlq";

  private final Installation installation;

  DeadLettersCheck(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "dead letters";
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    try (Admin admin = Broker.admin(installation)) {
      List<Finding> findings = new ArrayList<>();
      letters(admin)
          .forEach(
              (topic, count) -> {
                if (count > 0) {
                  findings.add(
                      about(topic)
                          .failed(
                              "%d events were put aside".formatted(count),
                              "Find out why in the log of the service, then send them back:"
                                  + " docs/operations.md, Dead letters."));
                }
              });
      return findings.isEmpty() ? List.of(about("").ok("none")) : findings;
    } catch (ExecutionException e) {
      return List.of(about("").skipped("the broker does not answer: " + Reasons.of(e.getCause())));
    }
  }

  /** How many each topic holds: those between its first offset and its last. */
  private static Map<String, Long> letters(Admin admin)
      throws ExecutionException, InterruptedException {
    List<String> topics =
        admin.listTopics().names().get().stream().filter(name -> name.endsWith(SUFFIX)).toList();
    List<TopicPartition> partitions =
        admin.describeTopics(topics).allTopicNames().get().values().stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .map(each -> new TopicPartition(topic.name(), each.partition())))
            .toList();
    Map<TopicPartition, ListOffsetsResultInfo> first =
        offsets(admin, partitions, OffsetSpec.earliest());
    Map<TopicPartition, ListOffsetsResultInfo> end =
        offsets(admin, partitions, OffsetSpec.latest());
    Map<String, Long> counts = new TreeMap<>();
    end.forEach(
        (partition, last) ->
            counts.merge(partition.topic(), last.offset() - offset(first, partition), Long::sum));
    return counts;
  }

  private static long offset(
      Map<TopicPartition, ListOffsetsResultInfo> offsets, TopicPartition partition) {
    ListOffsetsResultInfo info = offsets.get(partition);
    return info == null ? 0 : info.offset();
  }

  private static Map<TopicPartition, ListOffsetsResultInfo> offsets(
      Admin admin, List<TopicPartition> partitions, OffsetSpec which)
      throws ExecutionException, InterruptedException {
    return admin
        .listOffsets(
            partitions.stream().collect(Collectors.toMap(Function.identity(), each -> which)))
        .all()
        .get();
  }
}
