package io.mybella.chassis.testing;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SchemaRegistryConfig;
import com.networknt.schema.SpecificationVersion;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Holds what is really on Kafka to the published schemas. */
public final class EventContract {

  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final SchemaRegistry SCHEMAS =
      SchemaRegistry.withDefaultDialect(
          SpecificationVersion.DRAFT_2020_12,
          registry ->
              registry.schemaRegistryConfig(
                  SchemaRegistryConfig.builder().formatAssertionsEnabled(true).build()));

  private EventContract() {}

  /** Asserts that headers and data of a record are what the contract says of its type. */
  public static JsonNode valid(ConsumerRecord<String, byte[]> record) {
    ObjectNode headers = JSON.createObjectNode();
    record
        .headers()
        .forEach(
            header ->
                headers.put(header.key(), new String(header.value(), StandardCharsets.UTF_8)));
    assertThat(schema("cloudevents-headers").validate(headers)).isEmpty();
    JsonNode data = JSON.readTree(record.value());
    assertThat(schema(KafkaProbe.header(record, "ce_type")).validate(data)).isEmpty();
    return data;
  }

  private static Schema schema(String name) {
    try (InputStream in =
        EventContract.class.getResourceAsStream("/contracts/schemas/" + name + ".json")) {
      return SCHEMAS.getSchema(JSON.readTree(Objects.requireNonNull(in, name)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
