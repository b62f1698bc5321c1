package io.mybella.local.parts;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.utils.Time;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/**
 * A real Kafka broker of one node in this JVM, broker and KRaft controller in one, listening on the
 * loopback interface only.
 */
public final class KafkaPart implements AutoCloseable {

  private static final String HOST = "127.0.0.1";
  private static final int NODE = 1;

  private final Options options;
  private final Path data;
  private final int port;
  private final KafkaRaftServer server;

  private KafkaPart(Options options, Path data, int port, KafkaRaftServer server) {
    this.options = options;
    this.data = data;
    this.port = port;
    this.server = server;
  }

  /**
   * What a broker is started with.
   *
   * @param data where topics live; {@code null}: a temporary folder, deleted on close
   * @param port TCP port on 127.0.0.1 for clients; 0: any free one
   */
  public record Options(@Nullable Path data, int port) {

    /** A broker for tests: temporary data, which no power cut needs to spare, and a free port. */
    public static Options temporary() {
      return new Options(null, 0);
    }

    /**
     * A broker whose topics stay.
     *
     * @param data the data directory; created when missing
     * @param port TCP port on 127.0.0.1; 0: any free one
     */
    public static Options persistent(Path data, int port) {
      return new Options(data, port);
    }
  }

  /**
   * Starts a broker and returns when it serves clients.
   *
   * @param options what to start
   * @return the running broker
   */
  public static KafkaPart start(Options options) {
    return start(options, Map.of());
  }

  /** As above, with settings of the broker that a test needs besides. */
  static KafkaPart start(Options options, Map<String, String> more) {
    Path data = options.data() == null ? Folders.temporary("mybella-kafka") : options.data();
    int port = FreePort.orFree(options.port());
    try {
      Files.createDirectories(data);
      format(data);
    } catch (IOException e) {
      throw new UncheckedIOException("Cannot prepare " + data + " for Kafka", e);
    }
    Map<String, String> settings = settings(data, port, FreePort.find());
    if (options.data() != null) {
      // What it acknowledges is on the disk: there is no other node that has it. A batch of a
      // producer costs a flush; see docs/decisions/0026-power-cuts.md.
      settings.put("log.flush.interval.messages", "1");
    }
    settings.putAll(more);
    KafkaRaftServer server = new KafkaRaftServer(new KafkaConfig(settings), Time.SYSTEM);
    server.startup();
    return new KafkaPart(options, data, port, server);
  }

  /** What clients connect to: {@code host:port}. */
  public String bootstrapServers() {
    return HOST + ":" + port;
  }

  /** The TCP port on 127.0.0.1 that clients use. */
  public int port() {
    return port;
  }

  /** Waits until the broker has ended. */
  public void awaitEnd() {
    server.awaitShutdown();
  }

  /** Ends the broker after it has written out what it holds. */
  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    if (options.data() == null) {
      Folders.delete(data);
    }
  }

  private static void format(Path data) throws IOException {
    if (Files.exists(data.resolve("meta.properties"))) {
      return;
    }
    try (PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8)) {
      new Formatter()
          .setPrintStream(nowhere)
          .setNodeId(NODE)
          .setClusterId(Uuid.randomUuid().toString())
          .setControllerListenerName("CONTROLLER")
          .setMetadataLogDirectory(data.toString())
          .addDirectory(data.toString())
          .run();
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("Cannot format " + data, e);
    }
  }

  private static Map<String, String> settings(Path data, int port, int controllerPort) {
    Map<String, String> settings = new HashMap<>();
    settings.put("process.roles", "broker,controller");
    settings.put("node.id", "" + NODE);
    settings.put("controller.quorum.voters", NODE + "@" + HOST + ":" + controllerPort);
    settings.put("controller.listener.names", "CONTROLLER");
    settings.put("listener.security.protocol.map", "CLIENT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("inter.broker.listener.name", "CLIENT");
    settings.put(
        "listeners",
        "CLIENT://" + HOST + ":" + port + ",CONTROLLER://" + HOST + ":" + controllerPort);
    settings.put("log.dirs", data.toString());

    // One node holds everything once.
    settings.put("default.replication.factor", "1");
    settings.put("min.insync.replicas", "1");
    settings.put("offsets.topic.replication.factor", "1");
    settings.put("transaction.state.log.replication.factor", "1");
    settings.put("transaction.state.log.min.isr", "1");
    settings.put("share.coordinator.state.topic.replication.factor", "1");
    settings.put("share.coordinator.state.topic.min.isr", "1");

    // A topic exists because a service declared it, not because somebody misspelt its name.
    settings.put("auto.create.topics.enable", "false");

    // A machine of one user: few threads and small buffers, and no waiting for more members.
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("offsets.topic.num.partitions", "4");
    settings.put("transaction.state.log.num.partitions", "4");
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("log.cleaner.dedupe.buffer.size", "4194304");
    settings.put("log.cleaner.io.buffer.size", "65536");
    settings.put("log.index.size.max.bytes", "1048576");
    settings.put("log.segment.bytes", "67108864");
    return settings;
  }
}
