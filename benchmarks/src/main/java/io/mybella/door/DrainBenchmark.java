package io.mybella.door;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.figures.Figures;
import io.mybella.load.MeasuredPlatform;
import io.mybella.local.settings.Setting;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;

/**
 * Measures how fast memory-service takes switches, and what each costs it: they are put on the
 * topic as fast as Kafka takes them, past persona-service, of users whom nobody else knows. In
 * turns of a few users who switch all the time and of many who switch once.
 */
public final class DrainBenchmark {

  private static final int BUILT_IN = 6;
  private static final int WARM_UP = 2_000;
  private static final int FEW = 16;
  private static final String OF_FEW = FEW + " users";
  private static final String OF_MANY = "a user each";

  /** Beyond the ids of accounts. */
  private static final long FIRST_USER = 1_000_000_000_000L;

  private final int management;
  private final Backlog backlog;
  private final KafkaProducer<String, byte[]> producer;

  /** Counts on from run to run, as versions of users must. */
  private long next = Instant.now().toEpochMilli() * 1_000;

  private DrainBenchmark(
      MeasuredPlatform platform, Backlog backlog, KafkaProducer<String, byte[]> producer) {
    this.management = platform.port(Setting.MYBELLA_MEMORY_MANAGEMENT_PORT);
    this.backlog = backlog;
    this.producer = producer;
  }

  /**
   * Prints the figures of each round, and their medians.
   *
   * @param rounds how many, at least 1
   * @param events of each measurement, at least 1
   * @param json where the medians are written, too; null for nowhere
   */
  public static void rounds(int rounds, int events, @Nullable Path json) throws Exception {
    MeasuredPlatform platform = MeasuredPlatform.ofSettings();
    int kafka = platform.port(Setting.MYBELLA_KAFKA_PORT);
    List<Drained> few = new ArrayList<>();
    List<Drained> many = new ArrayList<>();
    try (var backlog = new Backlog(kafka);
        var producer =
            new KafkaProducer<>(
                Map.<String, Object>of(
                    ProducerConfig.BOOTSTRAP_SERVERS_CONFIG,
                    "127.0.0.1:" + kafka,
                    ProducerConfig.LINGER_MS_CONFIG,
                    5),
                new StringSerializer(),
                new ByteArraySerializer())) {
      var benchmark = new DrainBenchmark(platform, backlog, producer);
      benchmark.measure("warm-up", WARM_UP, WARM_UP);
      for (int round = 0; round < rounds; round++) {
        few.add(benchmark.measure(OF_FEW, events, FEW));
        many.add(benchmark.measure(OF_MANY, events, events));
      }
    }
    Figures.write(json, List.of(medians(OF_FEW, few), medians(OF_MANY, many)));
  }

  /**
   * What a measurement came to.
   *
   * @param perSecond events a second
   * @param processor seconds that memory-service takes of the processors for a thousand
   */
  private record Drained(double perSecond, double processor) {}

  private static Map<String, Object> medians(String what, List<Drained> all) {
    double rate = Figures.median(all.stream().map(Drained::perSecond).toList());
    double processor = Figures.median(all.stream().map(Drained::processor).toList());
    System.out.printf(
        "%-12s median %,8.0f/s, %.3f s of processor for 1,000%n", what, rate, processor);
    return Map.of("what", what, "per_second", rate, "processor_seconds_of_1000", processor);
  }

  private Drained measure(String what, int events, int users)
      throws IOException, InterruptedException, ExecutionException {
    backlog.drained();
    long firstUser = FIRST_USER + (users == FEW ? 0 : next);
    double processor = processorSeconds();
    long begin = System.nanoTime();
    List<Future<RecordMetadata>> sends = new ArrayList<>(events);
    for (int i = 0; i < events; i++) {
      sends.add(producer.send(record(firstUser + i % users, 1 + i % BUILT_IN)));
    }
    for (Future<RecordMetadata> each : sends) {
      each.get();
    }
    long sent = System.nanoTime();
    backlog.drained();
    double seconds = (System.nanoTime() - begin) / 1e9;
    var drained = new Drained(events / seconds, (processorSeconds() - processor) * 1_000 / events);
    System.out.printf(
        "%-12s %,8d events (sent in %.1f s): %,8.0f/s, %.3f s of processor for 1,000%n",
        what, events, (sent - begin) / 1e9, drained.perSecond(), drained.processor());
    return drained;
  }

  private ProducerRecord<String, byte[]> record(long user, long persona) {
    String key = Long.toString(user);
    String json =
        """
        {"user_id":%d,"persona_id":%d,"previous_persona_id":null,"reason":"user","version":%d,\
        "occurred_at":"2026-11-27T06:00:00Z"}\
        """
            .formatted(user, persona, ++next);
    var event = new ProducerRecord<>(Topics.PERSONA_SWITCHED, key, json.getBytes(UTF_8));
    Map.of(
            "ce_specversion", "1.0",
            "ce_id", UUID.randomUUID().toString(),
            "ce_type", EventTypes.PERSONA_SWITCHED,
            "ce_source", "benchmark",
            "ce_subject", key,
            "ce_time", "2026-11-27T06:00:00Z",
            "content-type", "application/json")
        .forEach((name, value) -> event.headers().add(name, value.getBytes(UTF_8)));
    return event;
  }

  /** What memory-service has taken of the processors since it started. */
  private double processorSeconds() throws IOException, InterruptedException {
    try (HttpClient http = HttpClient.newHttpClient()) {
      String metrics =
          http.send(
                  HttpRequest.newBuilder(
                          URI.create("http://127.0.0.1:" + management + "/actuator/prometheus"))
                      .build(),
                  BodyHandlers.ofString())
              .body();
      return metrics
              .lines()
              .filter(line -> line.startsWith("process_cpu_time_ns_total"))
              .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
              .sum()
          / 1e9;
    }
  }
}
