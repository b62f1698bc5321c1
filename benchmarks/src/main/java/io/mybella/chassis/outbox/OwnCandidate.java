package io.mybella.chassis.outbox;

import com.github.f4b6a3.uuid.UuidCreator;
import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import io.mybella.chassis.event.TopicsCreated;
import io.mybella.local.parts.PostgresPart;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import org.flywaydb.core.Flyway;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;
import tools.jackson.databind.json.JsonMapper;

/** The outbox of the chassis. */
final class OwnCandidate implements Candidate {

  /** What has the relay look before its next poll. */
  enum Wake {
    /** The commit, in the process of the relay. */
    IN_PROCESS,
    /** A notification that commits with the row, on a connection that listens. */
    NOTIFY,
    /** Nothing: as when the process that committed died at once. */
    POLL
  }

  private final PostgresPart.Database place;
  private final HikariDataSource pool;
  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final KafkaTemplate<String, byte[]> kafka;
  private final Outbox outbox;
  private final Wake wake;
  private volatile @Nullable OutboxRelay relay;
  private volatile @Nullable Thread listener;

  OwnCandidate(PostgresPart.Database place, KafkaTemplate<String, byte[]> kafka, Wake wake) {
    this.place = place;
    this.wake = wake;
    this.kafka = kafka;
    Flyway.configure()
        .dataSource(place.jdbcUrl(), place.ownerUser(), place.ownerPassword())
        .locations("classpath:db/chassis")
        .load()
        .migrate();
    pool = pool(place.jdbcUrl(), place.appUser(), place.appPassword());
    database = JdbcClient.create(pool);
    transactions = new TransactionTemplate(new JdbcTransactionManager(pool));
    outbox =
        new Outbox(
            database,
            JsonMapper.shared(),
            UuidCreator::getTimeOrderedEpoch,
            Clock.systemUTC(),
            "benchmark",
            wake == Wake.IN_PROCESS ? this::wake : _ -> {});
    if (wake == Wake.NOTIFY) {
      notifyOnInsert();
    }
  }

  /** 16 connections, one for each writer, and some for the relay. */
  static HikariDataSource pool(String url, String user, String password) {
    var config = new HikariConfig();
    config.setJdbcUrl(url);
    config.setUsername(user);
    config.setPassword(password);
    config.setMaximumPoolSize(20);
    return new HikariDataSource(config);
  }

  private void notifyOnInsert() {
    try (var owner =
            DriverManager.getConnection(place.jdbcUrl(), place.ownerUser(), place.ownerPassword());
        var statement = owner.createStatement()) {
      statement.execute(
          """
          create function tell_relay() returns trigger language plpgsql as
          $$ begin perform pg_notify('outbox', ''); return null; end $$;
          create trigger tell_relay after insert on outbox_event
          for each statement execute function tell_relay();
          """);
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Override
  public void publish(long number) {
    Fact fact = Fact.of(number);
    transactions.executeWithoutResult(
        _ ->
            outbox.publish(
                OutboxBenchmark.TOPIC, fact.key(), "benchmark.fact.v1", fact.key(), fact));
  }

  @Override
  public long startWithBacklog(int events) {
    database
        .sql(
            """
            insert into outbox_event
                (id, topic, message_key, type, source, subject, occurred_at, data)
            select gen_random_uuid(), ?, 'key-' || n % 1000, 'benchmark.fact.v1', 'benchmark',
                   'key-' || n % 1000, now(), '{"number":' || n || ',"filler":"' || repeat('x', 600) || '"}'
              from generate_series(0, ? - 1) n order by n
            """)
        .params(OutboxBenchmark.TOPIC, events)
        .update();
    long begin = System.nanoTime();
    start();
    return begin;
  }

  @Override
  public void start() {
    var sender =
        new OutboxRelay(
            database,
            transactions,
            kafka,
            new OutboxProperties(true, 500, Duration.ofSeconds(1), Duration.ofSeconds(2)),
            new OutboxMetrics(new SimpleMeterRegistry(), database));
    relay = sender;
    sender.onApplicationEvent(new TopicsCreated(this));
    sender.start();
    if (wake == Wake.NOTIFY) {
      listen();
    }
  }

  /** Listens as long as this runs; without a relay it only costs what a listener costs. */
  void listen() {
    listener = Thread.ofPlatform().daemon().start(this::awaitNotifications);
  }

  private void awaitNotifications() {
    try (var connection =
        DriverManager.getConnection(place.jdbcUrl(), place.appUser(), place.appPassword())) {
      connection.createStatement().execute("listen outbox");
      var notifications = connection.unwrap(PGConnection.class);
      while (Thread.currentThread().equals(listener)) {
        if (notifications.getNotifications(200).length > 0) {
          wake(OutboxBenchmark.TOPIC);
        }
      }
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  private void wake(String topic) {
    OutboxRelay sender = relay;
    if (sender != null) {
      sender.wake(topic);
    }
  }

  @Override
  public void stop() {
    listener = null;
    OutboxRelay sender = relay;
    if (sender != null) {
      sender.stop();
    }
    relay = null;
    database.sql("delete from outbox_event").update();
  }

  @Override
  public void close() {
    stop();
    pool.close();
  }

  @Override
  public String toString() {
    return "chassis, woken by " + wake;
  }
}
