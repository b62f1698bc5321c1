package io.mybella.contracts;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;

/** The files of the contract as they lie in this jar, for tests that hold a program to them. */
public final class ContractFiles {

  private ContractFiles() {}

  /** The OpenAPI document of the public HTTP contract, in YAML. */
  public static String openApi() {
    return read("openapi/mybella.yaml");
  }

  /**
   * The AsyncAPI document of the events, in YAML; its references are relative to its own folder.
   */
  public static String asyncApi() {
    return read("asyncapi.yaml");
  }

  /**
   * The JSON Schema of an event's data.
   *
   * @param eventType a constant of {@link io.mybella.contracts.event.EventTypes}
   * @throws IllegalArgumentException when no schema of that type exists
   */
  public static String schema(String eventType) {
    return read("schemas/" + eventType + ".json");
  }

  /** The JSON Schema of the Kafka headers of every event, as an object of header to value. */
  public static String headersSchema() {
    return read("schemas/cloudevents-headers.json");
  }

  /**
   * The golden example of an event's data, in JSON.
   *
   * @param eventType a constant of {@link io.mybella.contracts.event.EventTypes}
   * @throws IllegalArgumentException when no example of that type exists
   */
  public static String example(String eventType) {
    return read("examples/" + eventType + ".json");
  }

  /**
   * The golden example of an event's Kafka headers, as a JSON object.
   *
   * @param eventType a constant of {@link io.mybella.contracts.event.EventTypes}
   * @throws IllegalArgumentException when no example of that type exists
   */
  public static String exampleHeaders(String eventType) {
    return read("examples/" + eventType + ".headers.json");
  }

  private static String read(String file) {
    try (InputStream in = ContractFiles.class.getResourceAsStream("/contracts/" + file)) {
      if (in == null) {
        throw new IllegalArgumentException("The contract has no file " + file);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot read " + file + " of the contract", e);
    }
  }
}
