package io.mybella.chassis.outbox;

import io.mybella.chassis.outbox.OwnCandidate.Wake;
import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;

/**
 * Measures outboxes against each other in one run: commit to consumer at 200 events/s, how fast a
 * backlog of 50,000 drains, what a notification costs 16 writers, and how long a row waits whose
 * process died right after its commit. PostgreSQL is durable (fsync on) and a process of its own;
 * the broker, the sender and the consumer share this one. About six minutes on two cores.
 *
 * <pre>
 * ./mvnw -q -pl benchmarks -am package -DskipTests
 * java -Xmx2g -cp 'benchmarks/target/benchmarks.jar:benchmarks/target/lib/*' \
 *     io.mybella.chassis.outbox.OutboxBenchmark [smoke] [flushes]
 * </pre>
 *
 * <p>With {@code flushes} it measures only what it costs that the broker flushes what it
 * acknowledges, in turns with and without, in about five minutes.
 */
public final class OutboxBenchmark {

  static final String TOPIC = "benchmark.facts";

  private static final int PARTITIONS = 6;
  private static final Duration LIMIT = Duration.ofSeconds(90);

  private final PostgresPart postgres;
  private final String brokers;
  private final KafkaTemplate<String, byte[]> kafka;
  private final boolean smoke;

  private OutboxBenchmark(PostgresPart postgres, String brokers, boolean smoke) {
    this.postgres = postgres;
    this.brokers = brokers;
    this.smoke = smoke;
    // As chassis.yaml sets the producer.
    this.kafka =
        new KafkaTemplate<>(
            new DefaultKafkaProducerFactory<>(
                Map.of(
                    "bootstrap.servers",
                    brokers,
                    "acks",
                    "all",
                    "enable.idempotence",
                    true,
                    "linger.ms",
                    0,
                    "delivery.timeout.ms",
                    15000,
                    "request.timeout.ms",
                    5000),
                new StringSerializer(),
                new ByteArraySerializer()));
  }

  /** Runs everything and prints one line per figure; "smoke" makes it short and worthless. */
  public static void main(String[] arguments) throws IOException {
    boolean smoke = List.of(arguments).contains("smoke");
    boolean flushes = List.of(arguments).contains("flushes");
    Path folder = Files.createTempDirectory("mybella-benchmark");
    try (var postgres =
            PostgresPart.start(
                PostgresPart.Options.persistent(
                    folder.resolve("postgres"), 0, role -> role, folder.resolve("postgres.log")));
        var broker = KafkaPart.start(KafkaPart.Options.persistent(folder.resolve("kafka"), 0))) {
      createTopic(broker.bootstrapServers());
      var benchmark = new OutboxBenchmark(postgres, broker.bootstrapServers(), smoke);
      if (flushes) {
        benchmark.flushes();
      } else {
        benchmark.run();
      }
    }
    // The broker leaves threads behind.
    System.exit(0);
  }

  private void run() {
    System.out.printf(
        "%d processors, Java %s%n", Runtime.getRuntime().availableProcessors(), Runtime.version());
    try (var own = own(Wake.IN_PROCESS);
        var notified = own(Wake.NOTIFY);
        var orphaned = own(Wake.POLL)) {
      drain(own, smoke ? 1 : 6, 50_000);
      commits(own, notified);
      latency(own);
      latency(notified);
      orphans(orphaned, notified);
    }
    // Last: it polls all the time.
    try (var library = new NamastackCandidate(database(), kafka)) {
      latency(library);
      drain(library, smoke ? 1 : 4, 10_000);
    }
  }

  private void flushes() {
    int rounds = smoke ? 1 : 4;
    try (var own = own(Wake.IN_PROCESS)) {
      drain(own, rounds, 50_000);
      for (int round = 0; round < rounds; round++) {
        for (boolean flushes : List.of(true, false)) {
          flushing(flushes);
          System.out.println(flushes ? "each batch is flushed:" : "nothing is flushed:");
          drain(own, 1, 50_000);
          latency(own);
        }
      }
    }
  }

  private void flushing(boolean flushes) {
    var topic = new ConfigResource(ConfigResource.Type.TOPIC, TOPIC);
    var setting =
        new AlterConfigOp(
            new ConfigEntry("flush.messages", flushes ? "1" : Long.toString(Long.MAX_VALUE)),
            AlterConfigOp.OpType.SET);
    try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin
          .incrementalAlterConfigs(Map.of(topic, List.of(setting)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  private OwnCandidate own(Wake wake) {
    return new OwnCandidate(database(), kafka, wake);
  }

  private PostgresPart.Database database() {
    return postgres.database("benchmark_" + databases.incrementAndGet(), "benchmark");
  }

  private final AtomicLong databases = new AtomicLong();

  /** From the return of the commit to the return of the consumer's poll, at 200 events/s. */
  private void latency(Candidate candidate) {
    int events = (smoke ? 2 : 30) * 200;
    int warmUp = smoke ? 200 : 1000;
    long[] committed = new long[warmUp + events];
    candidate.start();
    try (var consumer = new Arrivals(brokers, committed.length);
        var threads = Executors.newFixedThreadPool(17)) {
      threads.execute(() -> publishEvenly(candidate, committed, threads));
      long[] arrived = consumer.await(committed.length, LIMIT);
      double[] waits = new double[events];
      for (int i = 0; i < events; i++) {
        waits[i] = (arrived[warmUp + i] - committed[warmUp + i]) / 1e6;
      }
      Arrays.sort(waits);
      System.out.printf(
          "commit -> consumer at 200/s | %s | p50 %.1f ms | p99 %.1f ms | max %.1f ms | %d"
              + " events%n",
          candidate, waits[events / 2], waits[events * 99 / 100], waits[events - 1], events);
    } finally {
      candidate.stop();
    }
  }

  private static void publishEvenly(Candidate candidate, long[] committed, Executor writers) {
    long next = System.nanoTime();
    for (int number = 0; number < committed.length; number++) {
      int mine = number;
      writers.execute(
          () -> {
            candidate.publish(mine);
            committed[mine] = System.nanoTime();
          });
      next += TimeUnit.MILLISECONDS.toNanos(5);
      LockSupport.parkNanos(next - System.nanoTime());
    }
  }

  private void drain(Candidate candidate, int rounds, int events) {
    List<Double> rates = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      try (var consumer = new Arrivals(brokers, events)) {
        long begin = candidate.startWithBacklog(events);
        consumer.await(events, LIMIT);
        rates.add(events / ((System.nanoTime() - begin) / 1e9));
      } finally {
        candidate.stop();
      }
    }
    // The first round warms up.
    List<Double> counted = rounds > 1 ? rates.subList(1, rounds) : rates;
    report("drain of " + events, candidate.toString(), counted, "events/s");
  }

  /** What 16 writers commit, with and without a notification, and with and without a sender. */
  private void commits(OwnCandidate own, OwnCandidate notified) {
    List<Double> plain = new ArrayList<>();
    List<Double> telling = new ArrayList<>();
    List<Double> plainSending = new ArrayList<>();
    List<Double> tellingSending = new ArrayList<>();
    commitsPerSecond(own);
    own.stop();
    for (int round = 0; round < (smoke ? 1 : 5); round++) {
      plain.add(commitsPerSecond(own));
      own.stop();
      notified.listen();
      telling.add(commitsPerSecond(notified));
      notified.stop();
      own.start();
      plainSending.add(commitsPerSecond(own));
      own.stop();
      notified.start();
      tellingSending.add(commitsPerSecond(notified));
      notified.stop();
    }
    report("16 writers, nobody sends", "no NOTIFY", plain, "commits/s");
    report("16 writers, nobody sends", "NOTIFY, one listens", telling, "commits/s");
    report("16 writers, relay sends", "no NOTIFY", plainSending, "commits/s");
    report("16 writers, relay sends", "NOTIFY, one listens", tellingSending, "commits/s");
  }

  private double commitsPerSecond(Candidate candidate) {
    var commits = new AtomicLong();
    long begin = System.nanoTime();
    long end = begin + TimeUnit.SECONDS.toNanos(smoke ? 1 : 3);
    try (var writers = Executors.newFixedThreadPool(16)) {
      for (int writer = 0; writer < 16; writer++) {
        writers.execute(
            () -> {
              while (System.nanoTime() < end) {
                candidate.publish(commits.incrementAndGet());
              }
            });
      }
    }
    return commits.get() / ((System.nanoTime() - begin) / 1e9);
  }

  /** How long a row waits that another process committed and could not tell anybody of. */
  private void orphans(Candidate polled, Candidate notified) {
    for (Candidate candidate : List.of(polled, notified)) {
      candidate.start();
      List<Double> waits = new ArrayList<>();
      int rounds = smoke ? 2 : 15;
      try (var consumer = new Arrivals(brokers, rounds)) {
        for (int round = 0; round < rounds; round++) {
          // Anywhere between two polls.
          LockSupport.parkNanos(
              TimeUnit.MILLISECONDS.toNanos(ThreadLocalRandom.current().nextInt(1000)));
          candidate.publish(round);
          long committed = System.nanoTime();
          waits.add((consumer.await(round + 1, LIMIT)[round] - committed) / 1e6);
        }
      } finally {
        candidate.stop();
      }
      report("a row of a dead process", candidate.toString(), waits, "ms");
    }
  }

  private static void report(String what, String who, List<Double> figures, String unit) {
    List<Double> sorted = figures.stream().sorted().toList();
    System.out.printf(
        "%s | %s | median %.0f %s | %.0f to %.0f in %d rounds%n",
        what,
        who,
        sorted.get(sorted.size() / 2),
        unit,
        sorted.getFirst(),
        sorted.getLast(),
        sorted.size());
  }

  private static void createTopic(String brokers) {
    try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin
          .createTopics(List.of(new NewTopic(TOPIC, PARTITIONS, (short) 1)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  /** A consumer that notes when it had the event of a number first. */
  private static final class Arrivals implements AutoCloseable {

    private final KafkaConsumer<byte[], byte[]> consumer;
    private final long[] arrived;
    private int count;

    Arrivals(String brokers, int events) {
      arrived = new long[events];
      // As chassis.yaml sets the consumers.
      consumer =
          new KafkaConsumer<>(
              Map.of("bootstrap.servers", brokers, "fetch.min.bytes", 1, "fetch.max.wait.ms", 100),
              new ByteArrayDeserializer(),
              new ByteArrayDeserializer());
      List<TopicPartition> partitions = new ArrayList<>();
      for (int partition = 0; partition < PARTITIONS; partition++) {
        partitions.add(new TopicPartition(TOPIC, partition));
      }
      consumer.assign(partitions);
      consumer.seekToEnd(partitions);
      partitions.forEach(consumer::position);
    }

    /** Waits until so many different events are there; returns when each arrived. */
    long[] await(int wanted, Duration limit) {
      long end = System.nanoTime() + limit.toNanos();
      while (count < wanted) {
        if (System.nanoTime() > end) {
          throw new IllegalStateException("Only " + count + " of " + wanted + " events came");
        }
        poll();
      }
      return arrived;
    }

    private void poll() {
      consumer.poll(Duration.ofMillis(100)).forEach(record -> arrive(number(record.value())));
    }

    private void arrive(int number) {
      if (number < arrived.length && arrived[number] == 0) {
        arrived[number] = System.nanoTime();
        count++;
      }
    }

    /** The data start with their number. */
    private static int number(byte[] data) {
      String start = new String(data, 0, 24, StandardCharsets.UTF_8);
      return Integer.parseInt(start.substring(10, start.indexOf(',')));
    }

    @Override
    public void close() {
      consumer.close();
    }
  }
}
