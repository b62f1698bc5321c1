package io.mybella.system;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.contracts.event.EventTypes;
import io.mybella.local.TestPlatform;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * What a topic tells of one key: each event where it stands for the first time. Whatever the broker
 * holds again of an event must be the very same.
 */
final class EventHistory {

  /** An event that was told, once or more. */
  record Told(String id, String type, long version, JsonNode data) {

    boolean has(String member, String value) {
      return data.path(member).asString("").equals(value);
    }
  }

  private final Map<String, Told> told = new LinkedHashMap<>();
  private final int partition;
  private int repeats;

  private EventHistory(int partition) {
    this.partition = partition;
  }

  /** The histories of some keys of a topic; a key of which nothing was told has none. */
  static Map<String, EventHistory> read(TestPlatform platform, String topic, Set<String> keys) {
    Map<String, EventHistory> histories = new HashMap<>();
    for (ConsumerRecord<String, String> record : TopicLog.read(platform, topic)) {
      if (keys.contains(record.key())) {
        histories
            .computeIfAbsent(record.key(), _ -> new EventHistory(record.partition()))
            .add(record);
      }
    }
    return histories;
  }

  private void add(ConsumerRecord<String, String> record) {
    assertThat(record.partition()).as("one key, one partition").isEqualTo(partition);
    JsonNode data = JsonMapper.shared().readTree(record.value());
    var event =
        new Told(
            TopicLog.header(record, "ce_id"),
            TopicLog.header(record, "ce_type"),
            data.path("version").asLong(),
            data);
    Told before = told.putIfAbsent(event.id(), event);
    if (before != null) {
      assertThat(event).as("sent again").isEqualTo(before);
      repeats++;
    }
  }

  /** Each event once, in the order of their first appearance. */
  List<Told> told() {
    return List.copyOf(told.values());
  }

  /**
   * The versions in that order. A deletion may be told several times, under new ids, while a
   * service owes its receipt; it counts once.
   */
  List<Long> versions() {
    List<Long> versions = new ArrayList<>();
    Told before = null;
    for (Told event : told.values()) {
      boolean reminder =
          before != null
              && before.type().equals(EventTypes.PERSONA_DELETED)
              && event.type().equals(EventTypes.PERSONA_DELETED);
      if (!reminder) {
        versions.add(event.version());
      }
      before = event;
    }
    return versions;
  }

  /** How many records are repeats of earlier ones. */
  int repeats() {
    return repeats;
  }
}
