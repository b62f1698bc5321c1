package io.mybella.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart.Database;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.Part;
import io.mybella.local.supervisor.StartFailure;
import io.mybella.local.supervisor.State;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;

/**
 * The platform as {@code ./mybella up} runs it, with what only tests may do to it: kill and hold
 * parts, run more instances of a service, look into every database.
 */
public final class TestPlatform implements AutoCloseable {

  private final LocalPlatform platform;
  private final Settings settings;
  private final Map<Service, Integer> replicas = new ConcurrentHashMap<>();
  private final Map<String, Instance> instances = new ConcurrentHashMap<>();

  private TestPlatform(LocalPlatform platform, Settings settings) {
    this.platform = platform;
    this.settings = settings;
    for (Service service : Service.values()) {
      instances.put(service.module(), Instance.first(service, settings));
    }
  }

  /**
   * Settings for a platform of its own: free ports, a folder of its own.
   *
   * @param home the folder for data, logs and secrets
   * @param more more settings, for the stack or for the services
   */
  public static Settings onFreePorts(Path home, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>(LocalPlatform.freePorts());
    environment.put(Setting.MYBELLA_HOME.name(), home.toAbsolutePath().toString());
    environment.putAll(more);
    return Settings.read(LocalPlatform.projectRoot(), environment);
  }

  /**
   * Starts everything and returns when all parts are healthy.
   *
   * @param settings the settings in force
   * @param progress gets a line for people when something happens
   * @throws StartFailure when it does not start
   */
  public static TestPlatform start(Settings settings, Consumer<String> progress) {
    return new TestPlatform(LocalPlatform.start(settings, progress), settings);
  }

  /**
   * Starts another instance of a service beside the first, with the same jar, database and
   * settings, on a free port of its own. Nobody sends it requests by itself; it takes its share of
   * events. It is a part like the others and ends with the platform.
   *
   * @return what it is called and where it answers
   * @throws StartFailure when it does not become healthy
   */
  public Instance startReplica(Service service) {
    int number = replicas.merge(service, 1, Integer::sum) + 1;
    Instance replica =
        new Instance(service.module() + "-" + number, FreePort.find(), FreePort.find());
    instances.put(replica.part(), replica);
    release(replica.part());
    return replica;
  }

  /** Kills a part as {@code kill -9} does. It is started again. */
  public void kill(String part) {
    long pid = pid(part);
    assertThat(ProcessHandle.of(pid).map(ProcessHandle::destroyForcibly)).as(part).contains(true);
  }

  /** Ends a part in an orderly way and keeps it down until {@link #release}. */
  public void hold(String part) {
    platform.supervisor().end(part);
  }

  /** Starts a part that was held, and waits until it is healthy. */
  public void release(String part) {
    try {
      platform.supervisor().start(List.of(part(part)));
    } catch (IOException e) {
      throw new UncheckedIOException(part + " cannot be started", e);
    }
  }

  private Part part(String name) throws IOException {
    if (name.equals(LocalPlatform.POSTGRES)) {
      return platform.postgres();
    }
    if (name.equals(LocalPlatform.KAFKA)) {
      return platform.kafka();
    }
    for (Service service : Service.values()) {
      if (name.startsWith(service.module())) {
        return platform.part(service, instances.get(name));
      }
    }
    throw new IllegalArgumentException("No part is named " + name);
  }

  /** Where the gateway answers. */
  public URI baseUrl() {
    return platform.baseUrl();
  }

  /** What whoever runs it shows to the services. */
  public String operatorToken() {
    return platform.operatorToken();
  }

  /** Where a service answers, past the gateway. */
  public URI url(Service service) {
    return platform.url(service);
  }

  /** Where a service answers about its health and metrics. */
  public URI managementUrl(Service service) {
    return platform.managementUrl(service);
  }

  /** What Kafka clients connect to. */
  public String kafkaBootstrapServers() {
    return platform.kafkaBootstrapServers();
  }

  /** How to reach a service's database with the service's own rights. */
  public Database database(Service service) {
    return platform.database(service);
  }

  /** A connection to a service's database with every right; the caller closes it. */
  public Connection superuser(Service service) throws SQLException {
    return platform.postgres().server().superuser(service.database());
  }

  /** The folder of this platform. */
  public Home home() {
    return platform.home();
  }

  /** The settings in force. */
  public Settings settings() {
    return settings;
  }

  /** The state of a part: a module's name, {@code postgres} or {@code kafka}. */
  public State state(String part) {
    return platform.state(part);
  }

  /** The process id of a part; -1 when it does not run at the moment. */
  public long pid(String part) {
    return platform.pid(part);
  }

  /**
   * Does what start caches are made of, some of it often; returns what did not go well, in words.
   */
  public List<String> rehearse() throws InterruptedException {
    return Rehearsal.play(platform.baseUrl(), 50);
  }

  /** Makes the start caches now, whatever the machine is doing. */
  void makeCaches() {
    platform.caches().make();
  }

  @Override
  public void close() {
    platform.close();
  }
}
