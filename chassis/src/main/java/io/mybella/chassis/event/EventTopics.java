package io.mybella.chassis.event;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.ClientDnsLookup;
import org.apache.kafka.clients.ClientUtils;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.KafkaException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.SmartLifecycle;
import org.springframework.core.NestedExceptionUtils;
import org.springframework.kafka.core.KafkaAdmin;

/**
 * The topics of this service. They are created in the background as soon as there is a broker, and
 * what needs them begins then: consumers are bound, the outbox is emptied. Nothing else of the
 * service waits for the broker.
 *
 * <p>A topic that exists keeps its partitions: with more of them its keys would move, and the
 * events of a key would stand in two partitions, in no order.
 */
public final class EventTopics implements SmartLifecycle {

  private static final Logger log = LoggerFactory.getLogger(EventTopics.class);

  private static final Duration RETRY_INTERVAL = Duration.ofSeconds(1);
  private static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(1);

  /** At the end, for a broker that is there to answer: then what is told last is sent too. */
  private static final Duration GRACE = Duration.ofSeconds(5);

  private final ApplicationEventPublisher events;
  private final KafkaAdmin admin;
  private final List<String> bootstrapServers;
  private final List<NewTopic> topics;
  private final boolean inBackground;
  private final Queue<Runnable> waiting = new ArrayDeque<>();

  /** Written under the lock of those that wait, so that none is forgotten. */
  private volatile boolean created;

  private volatile @Nullable Thread thread;
  private volatile CountDownLatch end = new CountDownLatch(1);

  /**
   * Topics that are not there yet.
   *
   * @param events where {@link TopicsCreated} is told
   * @param admin how the broker is asked
   * @param topics what must be there; how one of them is kept is said again when it is there
   *     already, because another service may have created it, which does not know
   * @param inBackground whether they are created without being asked for
   */
  EventTopics(
      ApplicationEventPublisher events,
      KafkaAdmin admin,
      List<String> bootstrapServers,
      List<NewTopic> topics,
      boolean inBackground) {
    this.events = events;
    this.admin = admin;
    this.bootstrapServers = List.copyOf(bootstrapServers);
    this.topics = List.copyOf(topics);
    this.inBackground = inBackground;
  }

  /** Whether the broker was there and has the topics. */
  public boolean created() {
    return created;
  }

  /**
   * Runs a task once the broker has the topics and this has started: now, or later and in another
   * thread. A task that throws there is run again.
   */
  void whenCreated(Runnable task) {
    synchronized (waiting) {
      if (!created || !isRunning()) {
        waiting.add(task);
        return;
      }
    }
    task.run();
  }

  /**
   * Creates the topics now.
   *
   * @throws RuntimeException when the broker is away or refuses them
   */
  void create() {
    findBroker();
    try (var broker = new BrokerTopics(admin)) {
      broker.create(topics);
    }
    NewTopic[] kept =
        topics.stream()
            .filter(topic -> topic.configs() != null)
            .map(EventTopics::withoutPartitions)
            .toArray(NewTopic[]::new);
    if (kept.length > 0) {
      admin.createOrModifyTopics(kept);
    }
    synchronized (waiting) {
      created = true;
    }
    events.publishEvent(new TopicsCreated(this));
  }

  /** Spring would add partitions to a topic that has fewer than it is told of. */
  private static NewTopic withoutPartitions(NewTopic topic) {
    return new NewTopic(topic.name(), Optional.empty(), Optional.empty()).configs(topic.configs());
  }

  /** A connection costs less than a client of Kafka, which also logs each one that is refused. */
  private void findBroker() {
    IOException refused = null;
    for (InetSocketAddress address :
        ClientUtils.parseAndValidateAddresses(bootstrapServers, ClientDnsLookup.USE_ALL_DNS_IPS)) {
      try (Socket socket = new Socket()) {
        socket.connect(address, Math.toIntExact(CONNECT_TIMEOUT.toMillis()));
        return;
      } catch (IOException away) {
        refused = away;
      }
    }
    throw new KafkaException("No broker at " + String.join(",", bootstrapServers), refused);
  }

  private void run() {
    Set<Class<?>> told = new HashSet<>();
    while (isRunning()) {
      try {
        if (!created) {
          create();
        }
        runWaiting();
        if (!told.isEmpty()) {
          log.info("The broker is there: events are read and sent");
        }
        return;
      } catch (RuntimeException away) {
        tell(away, told);
      }
      rest();
    }
  }

  /** What fails stays the first of those that wait. */
  private void runWaiting() {
    Runnable next = next();
    while (next != null && isRunning()) {
      next.run();
      synchronized (waiting) {
        waiting.remove();
      }
      next = next();
    }
  }

  private @Nullable Runnable next() {
    synchronized (waiting) {
      return waiting.peek();
    }
  }

  /** Once for each kind of reason, so that a long wait does not fill the log. */
  private void tell(RuntimeException away, Set<Class<?>> told) {
    Throwable reason = NestedExceptionUtils.getMostSpecificCause(away);
    if (told.add(reason.getClass())) {
      log.warn("Events wait for the broker at {}: {}", bootstrapServers, reason.toString());
    }
  }

  private void rest() {
    try {
      end.await(RETRY_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isAutoStartup() {
    return inBackground;
  }

  @Override
  public void start() {
    Thread worker = Thread.ofPlatform().name("event-topics").daemon().unstarted(this::run);
    end = new CountDownLatch(1);
    // Before it starts: it looks at this first.
    thread = worker;
    worker.start();
  }

  @Override
  public void stop() {
    Thread worker = thread;
    thread = null;
    if (worker == null) {
      return;
    }
    end.countDown();
    try {
      if (!worker.join(GRACE)) {
        worker.interrupt();
        worker.join(GRACE);
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public boolean isRunning() {
    return thread != null;
  }

  /**
   * Begins last and ends first: nothing is bound any more while consumers end. So no other part
   * with a life of its own may depend on this one, it would end before it; hence the event.
   */
  @Override
  public int getPhase() {
    return DEFAULT_PHASE;
  }
}
