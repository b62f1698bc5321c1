package io.mybella.chassis.outbox;

import io.mybella.chassis.event.CloudEventHeaders;
import io.mybella.chassis.trace.TraceParent;
import java.nio.charset.StandardCharsets;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.util.UUID;
import org.apache.kafka.clients.producer.ProducerRecord;

/** A committed event that waits to be sent. */
record OutboxRow(
    long position,
    UUID id,
    String topic,
    String key,
    String type,
    String source,
    String subject,
    Instant occurredAt,
    String traceparent,
    String data) {

  static OutboxRow from(ResultSet row, int number) throws SQLException {
    return new OutboxRow(
        row.getLong("position"),
        row.getObject("id", UUID.class),
        row.getString("topic"),
        row.getString("message_key"),
        row.getString("type"),
        row.getString("source"),
        row.getString("subject"),
        row.getTimestamp("occurred_at").toInstant(),
        row.getString("traceparent"),
        row.getString("data"));
  }

  /** Within a lane the order is kept. */
  String lane() {
    return topic + " / " + key;
  }

  /** The row as a CloudEvent in binary content mode. */
  ProducerRecord<String, byte[]> toRecord() {
    var message = new ProducerRecord<>(topic, key, data.getBytes(StandardCharsets.UTF_8));
    header(message, CloudEventHeaders.SPEC_VERSION, "1.0");
    header(message, CloudEventHeaders.ID, id.toString());
    header(message, CloudEventHeaders.TYPE, type);
    header(message, CloudEventHeaders.SOURCE, source);
    header(message, CloudEventHeaders.SUBJECT, subject);
    header(message, CloudEventHeaders.TIME, occurredAt.toString());
    header(message, CloudEventHeaders.DATA_SCHEMA, "urn:mybella:schema:" + type);
    header(message, CloudEventHeaders.CONTENT_TYPE, "application/json");
    header(message, TraceParent.HEADER, traceparent);
    return message;
  }

  private static void header(ProducerRecord<String, byte[]> message, String name, String value) {
    message.headers().add(name, value.getBytes(StandardCharsets.UTF_8));
  }
}
