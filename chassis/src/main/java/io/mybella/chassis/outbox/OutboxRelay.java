package io.mybella.chassis.outbox;

import io.mybella.chassis.event.TopicsCreated;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationListener;
import org.springframework.context.SmartLifecycle;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.kafka.core.KafkaTemplate;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Sends committed events to Kafka: in order per key, a batch at a time, and removes a row only
 * after the broker acknowledged it. Each topic has a lane of its own ({@link TopicLane}), so that
 * one the broker refuses holds up no other.
 *
 * <p>A commit in this process wakes the lane of its topic at once; looking again and again finds
 * what other, ended processes left.
 */
final class OutboxRelay implements SmartLifecycle, ApplicationListener<TopicsCreated> {

  private static final Logger log = LoggerFactory.getLogger(OutboxRelay.class);

  private static final Duration GRACE = Duration.ofSeconds(10);

  private final JdbcClient database;
  private final TransactionTemplate transactions;
  private final KafkaTemplate<String, byte[]> kafka;
  private final OutboxProperties properties;
  private final OutboxMetrics metrics;
  private final Map<String, TopicLane> lanes = new ConcurrentHashMap<>();
  private volatile boolean running;
  private volatile boolean topicsAreThere;
  private volatile CountDownLatch end = new CountDownLatch(1);

  /** Whether the last look failed. */
  private volatile boolean blind;

  OutboxRelay(
      JdbcClient database,
      TransactionTemplate transactions,
      KafkaTemplate<String, byte[]> kafka,
      OutboxProperties properties,
      OutboxMetrics metrics) {
    this.database = database;
    this.transactions = transactions;
    this.kafka = kafka;
    this.properties = properties;
    this.metrics = metrics;
  }

  /** Has the lane of a topic look for rows now. Cheap; may be called from any thread. */
  void wake(String topic) {
    if (running && topicsAreThere) {
      lanes.computeIfAbsent(topic, this::lane).wake();
    }
  }

  private TopicLane lane(String topic) {
    var lane = new TopicLane(topic, database, transactions, kafka, properties, metrics);
    lane.start();
    return lane;
  }

  /** Before this nothing is sent, and an end does not wait for a broker that was never there. */
  @Override
  public void onApplicationEvent(TopicsCreated event) {
    topicsAreThere = true;
    look();
  }

  @Override
  public void start() {
    // Before the thread starts: it looks at this first.
    running = true;
    end = new CountDownLatch(1);
    Thread.ofPlatform().name("outbox-relay").daemon().start(this::run);
  }

  @Override
  public void stop() {
    // The last events of all may be the first of their topic.
    look();
    running = false;
    end.countDown();
    List<TopicLane> ending = List.copyOf(lanes.values());
    lanes.clear();
    ending.forEach(TopicLane::end);
    long deadline = System.nanoTime() + GRACE.toNanos();
    try {
      for (TopicLane lane : ending) {
        lane.join(Duration.ofNanos(Math.max(1, deadline - System.nanoTime())));
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  /**
   * Ends after the web server and the consumers, which begin last and end first: what the requests
   * and events that were under way have told is sent before the process ends.
   */
  @Override
  public int getPhase() {
    return 0;
  }

  private void run() {
    while (isRunning()) {
      look();
      try {
        if (end.await(properties.pollInterval().toMillis(), TimeUnit.MILLISECONDS)) {
          return;
        }
      } catch (InterruptedException interrupted) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  /** Wakes the lanes of the topics that events wait for. */
  private void look() {
    if (!running || !topicsAreThere) {
      return;
    }
    try {
      topicsWithRows().forEach(this::wake);
      blind = false;
    } catch (RuntimeException | Error failed) {
      // The database is away, say: the rows stay.
      if (!blind) {
        log.warn("Nobody sees whether events wait in the outbox", failed);
      }
      blind = true;
    }
  }

  /** One step along the index for each topic, however many rows there are. */
  private List<String> topicsWithRows() {
    return database
        .sql(
            """
            with recursive waiting (topic) as (
              (select topic from outbox_event order by topic limit 1)
              union all
              select (select next.topic from outbox_event next
                       where next.topic > waiting.topic order by next.topic limit 1)
                from waiting where waiting.topic is not null)
            select topic from waiting where topic is not null
            """)
        .query(String.class)
        .list();
  }
}
