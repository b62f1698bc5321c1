package io.mybella.gateway.identity.credential;

import com.zaxxer.hikari.HikariDataSource;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGNotification;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.boot.jdbc.DataSourceBuilder;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.datasource.SimpleDriverDataSource;
import org.springframework.stereotype.Component;

/**
 * Hears from the database which credentials change, on any replica or by hand. Says something to
 * itself several times a second by the same way: the database delivers in the order of commits, so
 * whoever hears that has heard every change before it. While it hears nothing, as when the database
 * is away or a pooler in between carries no notifications, nothing is remembered.
 */
@Component
class ChangeListener implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(ChangeListener.class);

  private static final String CHANGES = "credential";
  private static final Duration BEAT = Duration.ofMillis(250);

  /**
   * How long what is known holds after something was said that was heard: with the time that a
   * change takes, still within a second.
   */
  private static final Duration TRUST = Duration.ofMillis(900);

  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final DataSource pool;
  private final KnownCredentials known;

  /** The thread that listens. */
  private volatile @Nullable Thread listener;

  ChangeListener(DataSource pool, KnownCredentials known, MeterRegistry meters) {
    this.pool = pool;
    this.known = known;
    Gauge.builder("mybella.gateway.credentials.heard", known, each -> each.isTrusted() ? 1 : 0)
        .description("1 while this replica hears of every change of credentials")
        .register(meters);
  }

  @Override
  public void start() {
    // Not a virtual thread: those wait while all processors serve requests.
    Thread next = Thread.ofPlatform().daemon().name("credential-changes").unstarted(this::listen);
    listener = next;
    next.start();
  }

  /** Takes up to a beat. */
  @Override
  public void stop() {
    Thread last = listener;
    listener = null;
    LockSupport.unpark(last);
  }

  @Override
  public boolean isRunning() {
    return listener != null;
  }

  /** Whether the thread that asks has not been stopped. */
  private boolean isListening() {
    return Thread.currentThread().equals(listener);
  }

  private void listen() {
    boolean told = false;
    while (isListening()) {
      try (Connection connection = ownConnection()) {
        if (told) {
          log.info("Changes of credentials are heard again");
          told = false;
        }
        hear(connection);
      } catch (SQLException | RuntimeException lost) {
        if (!told) {
          log.warn("Changes of credentials are not heard: {}", lost.getMessage());
          told = true;
        }
        LockSupport.parkNanos(PAUSE.toNanos());
      } finally {
        known.forgetAll();
      }
    }
  }

  /** Outside of the pool, which is for requests; with the same limits of waiting. */
  private Connection ownConnection() throws SQLException {
    HikariDataSource settings = pool.unwrap(HikariDataSource.class);
    SimpleDriverDataSource own =
        DataSourceBuilder.derivedFrom(settings).type(SimpleDriverDataSource.class).build();
    own.setConnectionProperties(settings.getDataSourceProperties());
    return own.getConnection();
  }

  private void hear(Connection connection) throws SQLException {
    String self = "credential_" + UUID.randomUUID().toString().replace("-", "");
    try (Statement setting = connection.createStatement()) {
      // What is said to oneself need not outlive a crash.
      setting.execute("set synchronous_commit = off");
      setting.execute("listen " + CHANGES);
      setting.execute("listen " + self);
    }
    // Whatever was learned before that may have changed before that.
    known.forgetAll();
    try (PreparedStatement saying = connection.prepareStatement("select pg_notify(?, ?)")) {
      saying.setString(1, self);
      while (isListening()) {
        long said = System.nanoTime();
        saying.setString(2, Long.toString(said));
        saying.execute();
        hearUntil(connection.unwrap(PGConnection.class), self, said + BEAT.toNanos());
      }
    }
  }

  private void hearUntil(PGConnection connection, String self, long until) throws SQLException {
    for (long left = BEAT.toMillis();
        left > 0;
        left = TimeUnit.NANOSECONDS.toMillis(until - System.nanoTime())) {
      for (PGNotification each : connection.getNotifications((int) left)) {
        if (each.getName().equals(self)) {
          known.trustUntil(Long.parseLong(each.getParameter()) + TRUST.toNanos());
        } else {
          known.forget(Long.parseLong(each.getParameter()));
        }
      }
    }
  }
}
