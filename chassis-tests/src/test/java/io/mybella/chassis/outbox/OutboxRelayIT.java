package io.mybella.chassis.outbox;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import com.github.f4b6a3.uuid.UuidCreator;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.chassis.event.TopicsCreated;
import io.mybella.chassis.testing.KafkaProbe;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.local.parts.KafkaPart;
import io.mybella.local.parts.PostgresPart;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.LongStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.flywaydb.core.Flyway;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DataSourceTransactionManager;
import org.springframework.kafka.core.DefaultKafkaProducerFactory;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.kafka.support.SendResult;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The relay under faults; every test has a database and topics of its own. */
class OutboxRelayIT {

  private static final Duration LIMIT = Duration.ofSeconds(40);
  private static final AtomicInteger TESTS = new AtomicInteger();

  private final String topic = "relay.facts." + TESTS.incrementAndGet();

  private final PostgresPart.Database fresh = PlatformParts.freshDatabase("relay");
  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final SimpleMeterRegistry meters = new SimpleMeterRegistry();
  private final List<AutoCloseable> opened = new ArrayList<>();

  @TempDir Path folder;
  private String brokers = "";

  record Fact(long number, String filler) {}

  OutboxRelayIT() {
    Flyway.configure()
        .dataSource(fresh.jdbcUrl(), fresh.ownerUser(), fresh.ownerPassword())
        .locations("classpath:db/chassis")
        .load()
        .migrate();
    var source = new HikariDataSource();
    source.setJdbcUrl(fresh.jdbcUrl());
    source.setUsername(fresh.appUser());
    source.setPassword(fresh.appPassword());
    opened.add(source);
    database = JdbcClient.create(source);
    transactions = new TransactionTemplate(new DataSourceTransactionManager(source));
  }

  @BeforeEach
  void useTheSharedBroker() {
    brokers = PlatformParts.kafka();
    createTopic(topic);
  }

  @AfterEach
  void closeAll() throws Exception {
    for (AutoCloseable each : opened.reversed()) {
      each.close();
    }
  }

  @Test
  void twoRelaysLoseNothingAndKeepTheOrderOfEveryKey() throws Exception {
    OutboxRelay one = relay();
    OutboxRelay two = relay();
    one.start();
    two.start();
    Map<String, Outbox> writers =
        Map.of("a", outbox(one), "b", outbox(two), "c", outbox(one), "d", outbox(two));
    List<Callable<Void>> writes = new ArrayList<>();
    writers.forEach(
        (key, outbox) ->
            writes.add(
                () -> {
                  LongStream.rangeClosed(1, 300).forEach(n -> write(outbox, key, n, ""));
                  return null;
                }));
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Future<Void> written : threads.invokeAll(writes)) {
        written.get();
      }
    }
    await().atMost(LIMIT).until(() -> waiting() == 0);
    assertThat(firstSeen()).hasSize(4);
    assertThat(firstSeen().values())
        .allSatisfy(
            numbers ->
                assertThat(numbers).isEqualTo(LongStream.rangeClosed(1, 300).boxed().toList()));
  }

  @Test
  void whileTheBrokerIsAwayRowsWaitAndDrainInOrderWhenItIsBack() {
    KafkaPart broker = KafkaPart.start(KafkaPart.Options.persistent(folder, 0));
    brokers = broker.bootstrapServers();
    createTopic(topic);
    OutboxRelay relay = relay();
    relay.start();
    Outbox outbox = outbox(relay);
    write(outbox, "a", 1, "");
    await().atMost(LIMIT).until(() -> waiting() == 0);
    broker.close();

    LongStream.rangeClosed(2, 50).forEach(number -> write(outbox, "a", number, ""));
    assertThat(waiting()).isEqualTo(49);
    assertThat(meters.get("mybella.outbox.depth").gauge().value()).isEqualTo(49);
    await().atMost(LIMIT).until(() -> stalledFor(topic) > 0);

    opened.addFirst(KafkaPart.start(KafkaPart.Options.persistent(folder, broker.port())));
    await().atMost(LIMIT).until(() -> waiting() == 0);
    assertThat(firstSeen().get("a")).isEqualTo(LongStream.rangeClosed(1, 50).boxed().toList());
  }

  @Test
  void aTopicThatIsRefusedHoldsUpItsOwnEventsAloneAndNothingGoesOutTwiceForIt() {
    OutboxRelay relay = relay();
    Outbox outbox = outbox(relay);
    String missing = topic + ".missing";
    // More of them than a round takes, before and behind those that can be sent.
    LongStream.rangeClosed(1, 150).forEach(number -> write(outbox, missing, "a", number, ""));
    LongStream.rangeClosed(1, 20).forEach(number -> write(outbox, "a", number, ""));
    LongStream.rangeClosed(151, 160).forEach(number -> write(outbox, missing, "a", number, ""));
    relay.start();

    await().atMost(LIMIT).until(() -> waiting() == 160);
    await().atMost(LIMIT).until(() -> stalledFor(missing) > 2);
    write(outbox, "a", 21, "");
    await().atMost(LIMIT).until(() -> waiting() == 160);
    assertThat(stalledFor(topic)).isZero();
    try (var probe = KafkaProbe.on(brokers, topic)) {
      assertThat(probe.all()).as("each of them once").hasSize(21);
    }
    assertThat(firstSeen().get("a")).isEqualTo(LongStream.rangeClosed(1, 21).boxed().toList());

    createTopic(missing);
    await().atMost(LIMIT).until(() -> waiting() == 0);
    assertThat(firstSeen(missing).get("a"))
        .isEqualTo(LongStream.rangeClosed(1, 160).boxed().toList());
    await().atMost(LIMIT).until(() -> stalledFor(missing) == 0);
  }

  @Test
  void anErrorStopsNeitherItsTopicForGoodNorWhatWasSentBeforeIt() {
    var thrown = new AtomicInteger();
    OutboxRelay relay =
        relay(
            new KafkaTemplate<>(producers()) {
              @Override
              public CompletableFuture<SendResult<String, byte[]>> send(
                  ProducerRecord<String, byte[]> record) {
                if (record.key().equals("unlucky") && thrown.getAndIncrement() < 3) {
                  throw new NoClassDefFoundError("org/example/Missing");
                }
                return super.send(record);
              }
            });
    Outbox outbox = outbox(relay);
    write(outbox, "a", 1, "");
    write(outbox, "unlucky", 1, "");
    write(outbox, "a", 2, "");
    relay.start();

    await().atMost(LIMIT).until(() -> waiting() == 0);
    assertThat(thrown).hasValue(4);
    try (var probe = KafkaProbe.on(brokers, topic)) {
      assertThat(probe.all()).as("each of them once").hasSize(3);
    }
    assertThat(firstSeen().get("a")).containsExactly(1L, 2L);
  }

  @Test
  void anEventThatNoBrokerTakesIsRefusedWithItsChange() {
    Outbox outbox = outbox(relay());
    assertThatThrownBy(() -> write(outbox, "big", 1, "x".repeat(Outbox.LARGEST)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("900000 bytes");
    assertThat(waiting()).isZero();
    write(outbox, "big", 1, "x".repeat(Outbox.LARGEST - 100));
    assertThat(waiting()).isEqualTo(1);
  }

  @Test
  void aRowTheBrokerRefusesForGoodHoldsUpItsKeyAloneAndCanBeReleased() {
    OutboxRelay relay = relay();
    Outbox outbox = outbox(relay);
    write(outbox, "big", 1, "");
    write(outbox, "big", 2, "");
    makeTooLarge("big", 1);
    write(outbox, "small", 1, "");
    relay.start();

    await().atMost(LIMIT).until(() -> firstSeen().containsKey("small"));
    await().atMost(LIMIT).until(() -> blocked() == 1);
    assertThat(firstSeen()).doesNotContainKey("big");
    assertThat(
            database
                .sql("select last_error from outbox_event where blocked_at is not null")
                .query(String.class)
                .single())
        .contains("RecordTooLarge");
    assertThat(meters.get("mybella.outbox.blocked").gauge().value()).isEqualTo(1);

    assertThat(database.sql(documented("select")).query().singleRow())
        .containsEntry("message_key", "big");
    database.sql(documented("delete")).update();
    await().atMost(LIMIT).until(() -> waiting() == 0);
    assertThat(firstSeen().get("big")).containsExactly(2L);
  }

  @Test
  void aBlockedRowIsSentOnceItsCauseIsMendedAndItIsReleased() {
    OutboxRelay relay = relay();
    Outbox outbox = outbox(relay);
    write(outbox, "big", 1, "");
    write(outbox, "big", 2, "");
    makeTooLarge("big", 1);
    relay.start();
    await().atMost(LIMIT).until(() -> blocked() == 1);

    // The cause here is the event itself.
    database
        .sql("update outbox_event set data = '{\"number\":1}' where blocked_at is not null")
        .update();
    database.sql(documented("update")).update();
    await().atMost(LIMIT).until(() -> waiting() == 0);
    assertThat(firstSeen().get("big")).containsExactly(1L, 2L);
  }

  /** As a broker finds it that takes less than the outbox does. */
  private void makeTooLarge(String key, long number) {
    String filler = "x".repeat(3_000_000);
    database
        .sql("update outbox_event set data = ? where message_key = ? and data::json->>'number' = ?")
        .params("{\"number\":1,\"filler\":\"" + filler + "\"}", key, "" + number)
        .update();
  }

  private double stalledFor(String name) {
    var gauge = meters.find("mybella.outbox.stalled.age").tag("topic", name).gauge();
    return gauge == null ? 0 : gauge.value();
  }

  /** The command of docs/operations.md, for the row that is blocked. */
  private String documented(String verb) {
    String id =
        database
            .sql("select id::text from outbox_event where blocked_at is not null")
            .query(String.class)
            .single();
    try {
      return Files.readString(Path.of("../docs/operations.md"))
          .lines()
          .filter(line -> line.startsWith(verb) && line.contains("outbox_event"))
          .findFirst()
          .orElseThrow()
          .replace("…", id);
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }

  @Test
  void rowsLeftByAnEndedProcessAreSentByTheNextOne() {
    write(outbox(relay()), "a", 1, "");
    relay().start();
    await().atMost(LIMIT).until(() -> waiting() == 0);
    assertThat(firstSeen().get("a")).containsExactly(1L);
  }

  @Test
  void aRowOfAnInstanceThatKnowsNoTracesGetsOne() {
    database
        .sql(
            """
            insert into outbox_event (id, topic, message_key, type, source, subject, occurred_at, data)
            values (gen_random_uuid(), ?, 'a', 'relay.fact.v1', '/relay', 'a', now(), '{"number":1}')
            """)
        .param(topic)
        .update();
    relay().start();
    await().atMost(LIMIT).until(() -> waiting() == 0);
    try (var probe = KafkaProbe.on(brokers, topic)) {
      assertThat(KafkaProbe.header(probe.all().getFirst(), "traceparent"))
          .matches("00-[0-9a-f]{32}-[0-9a-f]{16}-00");
    }
  }

  private void createTopic(String name) {
    try (var admin = Admin.create(Map.of("bootstrap.servers", brokers))) {
      admin
          .createTopics(List.of(new NewTopic(name, 3, (short) 1)))
          .all()
          .toCompletionStage()
          .toCompletableFuture()
          .join();
    }
  }

  private OutboxRelay relay() {
    return relay(new KafkaTemplate<>(producers()));
  }

  private DefaultKafkaProducerFactory<String, byte[]> producers() {
    var factory =
        new DefaultKafkaProducerFactory<String, byte[]>(
            Map.of(
                ProducerConfig.BOOTSTRAP_SERVERS_CONFIG, brokers,
                ProducerConfig.MAX_BLOCK_MS_CONFIG, 500,
                ProducerConfig.REQUEST_TIMEOUT_MS_CONFIG, 1000,
                ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG, 3000),
            new StringSerializer(),
            new ByteArraySerializer());
    opened.add(factory::destroy);
    return factory;
  }

  private OutboxRelay relay(KafkaTemplate<String, byte[]> kafka) {
    var relay =
        new OutboxRelay(
            database,
            transactions,
            kafka,
            new OutboxProperties(true, 100, Duration.ofMillis(200), Duration.ofMillis(200)),
            new OutboxMetrics(meters, database));
    relay.onApplicationEvent(new TopicsCreated(this));
    opened.add(relay::stop);
    return relay;
  }

  private Outbox outbox(OutboxRelay relay) {
    return new Outbox(
        database,
        JsonMapper.shared(),
        UuidCreator::getTimeOrderedEpoch,
        Clock.systemUTC(),
        "/relay",
        relay::wake);
  }

  private void write(Outbox outbox, String key, long number, String filler) {
    write(outbox, topic, key, number, filler);
  }

  private void write(Outbox outbox, String name, String key, long number, String filler) {
    transactions.executeWithoutResult(
        _ -> outbox.publish(name, key, "relay.fact.v1", key, new Fact(number, filler)));
  }

  private long waiting() {
    return database.sql("select count(*) from outbox_event").query(Long.class).single();
  }

  private long blocked() {
    return database
        .sql("select count(*) from outbox_event where blocked_at is not null")
        .query(Long.class)
        .single();
  }

  /** The numbers per key in the order a consumer sees them first: a resend has no effect. */
  private Map<String, List<Long>> firstSeen() {
    return firstSeen(topic);
  }

  private Map<String, List<Long>> firstSeen(String name) {
    Map<String, Map<String, Long>> byKey = new TreeMap<>();
    try (var probe = KafkaProbe.on(brokers, name)) {
      probe
          .all()
          .forEach(
              record ->
                  byKey
                      .computeIfAbsent(record.key(), _ -> new LinkedHashMap<>())
                      .putIfAbsent(
                          KafkaProbe.header(record, "ce_id"),
                          JsonMapper.shared()
                              .readTree(new String(record.value(), StandardCharsets.UTF_8))
                              .get("number")
                              .asLong()));
    }
    Map<String, List<Long>> numbers = new TreeMap<>();
    byKey.forEach((key, events) -> numbers.put(key, List.copyOf(events.values())));
    return numbers;
  }
}
