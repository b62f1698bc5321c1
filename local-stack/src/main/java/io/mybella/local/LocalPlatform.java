package io.mybella.local;

import io.mybella.local.child.Guarded;
import io.mybella.local.child.KafkaMain;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart.Database;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Secrets;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.Backoff;
import io.mybella.local.supervisor.DatabaseServer;
import io.mybella.local.supervisor.Part;
import io.mybella.local.supervisor.Ports;
import io.mybella.local.supervisor.Program;
import io.mybella.local.supervisor.StartFailure;
import io.mybella.local.supervisor.State;
import io.mybella.local.supervisor.Supervisor;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The running platform: PostgreSQL, Kafka and the five services from the jars that the build made.
 *
 * <p>{@code mybella up} and the system tests both run it. Several can run side by side in folders
 * and on ports of their own.
 */
public final class LocalPlatform implements AutoCloseable {

  /** The name of the broker among the parts. */
  public static final String KAFKA = "kafka";

  /** The name of the database server among the parts. */
  public static final String POSTGRES = "postgres";

  private static final String HEALTH = "/actuator/health/readiness";

  /** Few arenas for glibc's allocator: dozens of threads would each get one, hardly filled. */
  private static final Map<String, String> SMALL_ALLOCATOR = Map.of("MALLOC_ARENA_MAX", "2");

  private final Settings settings;
  private final Home home;
  private final HomeLock lock;
  private final Secrets secrets;
  private final DatabaseServer postgres;
  private final Supervisor supervisor;
  private final Consumer<String> progress;
  private final Map<Service, Integer> replicas = new ConcurrentHashMap<>();
  private volatile boolean closed;
  private volatile @Nullable Process training;

  private LocalPlatform(Settings settings, HomeLock lock, Consumer<String> progress) {
    this.settings = settings;
    this.home = new Home(settings.home());
    this.lock = lock;
    this.progress = progress;
    this.secrets = Secrets.of(home.secrets());
    this.postgres =
        new DatabaseServer(
            home.postgres(),
            settings.number(Setting.MYBELLA_POSTGRES_PORT),
            secrets::password,
            home.log(POSTGRES));
    this.supervisor =
        new Supervisor(
            home.run(),
            Backoff.USUAL,
            Duration.ofSeconds(settings.number(Setting.MYBELLA_START_LIMIT)),
            progress);
  }

  /**
   * Settings for a platform of its own: free ports, a folder of its own. For tests.
   *
   * @param home the folder for data, logs and secrets
   * @param more more settings, for the stack or for the services
   */
  public static Settings onFreePorts(Path home, Map<String, String> more) {
    Map<String, String> environment = new HashMap<>();
    environment.put(Setting.MYBELLA_HOME.name(), home.toAbsolutePath().toString());
    Set<Integer> ports = new HashSet<>();
    for (Setting setting : Setting.values()) {
      if (setting.name().endsWith("_PORT")) {
        int port = FreePort.find();
        while (!ports.add(port)) {
          port = FreePort.find();
        }
        environment.put(setting.name(), "" + port);
      }
    }
    environment.putAll(more);
    return Settings.read(projectRoot(), environment);
  }

  /**
   * The root folder of the project that this class was built in: the property {@code mybella.root},
   * else the nearest folder, from the current one upwards, that holds the modules.
   *
   * @throws IllegalStateException when there is none
   */
  public static Path projectRoot() {
    String named = System.getProperty("mybella.root");
    if (named != null) {
      return Path.of(named).toAbsolutePath().normalize();
    }
    for (Path folder = Path.of("").toAbsolutePath(); folder != null; folder = folder.getParent()) {
      if (Files.isDirectory(folder.resolve("local-stack"))
          && Files.isDirectory(folder.resolve("persona-service"))) {
        return folder;
      }
    }
    throw new IllegalStateException("Run this in the folder of the project");
  }

  /**
   * Starts everything and returns when all parts are healthy. When something fails, whatever was
   * started is ended again.
   *
   * @param settings the settings in force
   * @param progress gets a line for people when something happens
   * @return the running platform
   * @throws StartFailure when it does not start; the message says what to do
   */
  public static LocalPlatform start(Settings settings, Consumer<String> progress) {
    LocalPlatform platform = prepare(settings, progress);
    try {
      platform.start();
      return platform;
    } catch (RuntimeException e) {
      platform.close();
      throw e;
    }
  }

  /**
   * A platform that is not started yet. It keeps others from running in the same folder until it is
   * closed.
   *
   * @param settings the settings in force
   * @param progress gets a line for people when something happens
   * @throws StartFailure when another one runs in this folder
   */
  public static LocalPlatform prepare(Settings settings, Consumer<String> progress) {
    Home home = new Home(settings.home());
    try {
      home.create();
      return new LocalPlatform(settings, HomeLock.take(home), progress);
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + home.folder() + " cannot be used", e);
    }
  }

  /**
   * Starts everything and returns when all parts are healthy.
   *
   * @throws StartFailure when it does not start; the message says what to do. What was started runs
   *     on until {@link #close}.
   */
  public void start() {
    try {
      Leftovers.end(home, progress);
      requireFreePorts();
      Map<Service, ServiceJar> jars = unpackJars();
      supervisor.start(List.of(postgres, kafka()));
      List<Part> services = new ArrayList<>();
      List<Part> doors = new ArrayList<>();
      for (Map.Entry<Service, ServiceJar> jar : jars.entrySet()) {
        (jar.getKey() == Service.GATEWAY ? doors : services)
            .add(program(jar.getKey(), jar.getValue(), Instance.first(jar.getKey(), settings)));
      }
      supervisor.start(services, doors);
    } catch (IOException e) {
      throw new UncheckedIOException("The platform cannot be started in " + home.folder(), e);
    }
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
    try {
      Instance replica =
          new Instance(
              service.module() + "-" + (replicas.merge(service, 1, Integer::sum) + 1),
              FreePort.find());
      ServiceJar jar = unpack(service);
      supervisor.start(List.of(program(service, jar, replica)));
      return replica;
    } catch (IOException e) {
      throw new UncheckedIOException(service.module() + " cannot be started once more", e);
    }
  }

  /** The names of all parts, in the order of their starts, without replicas. */
  public static List<String> partNames() {
    return Stream.concat(
            Stream.of(POSTGRES, KAFKA), Arrays.stream(Service.values()).map(Service::module))
        .toList();
  }

  /** The HTTP path that tells a part's health; {@code null} for those that do not speak HTTP. */
  public static @Nullable String healthPath(String part) {
    return part.equals(POSTGRES) || part.equals(KAFKA) ? null : HEALTH;
  }

  /** Where the gateway answers. */
  public URI baseUrl() {
    return url(Service.GATEWAY);
  }

  /** Where a service answers, past the gateway. */
  public URI url(Service service) {
    return URI.create("http://127.0.0.1:" + settings.number(service.port()));
  }

  /** What Kafka clients connect to. */
  public String kafkaBootstrapServers() {
    return "127.0.0.1:" + settings.number(Setting.MYBELLA_KAFKA_PORT);
  }

  /** How to reach a service's database with the service's own rights. */
  public Database database(Service service) {
    return postgres.server().database(service.database());
  }

  /** A connection to a service's database with every right; the caller closes it. */
  public Connection superuser(Service service) throws SQLException {
    return postgres.server().superuser(service.database());
  }

  /** The folder of this platform. */
  public Home home() {
    return home;
  }

  /** The state of a part: a service's module name, {@link #POSTGRES} or {@link #KAFKA}. */
  public State state(String part) {
    return supervisor.state(part);
  }

  /** The process id of a part; -1 when it does not run at the moment. */
  public long pid(String part) {
    return supervisor.pid(part);
  }

  /** How often a part was started again after a crash. */
  public int restarts(String part) {
    return supervisor.restarts(part);
  }

  /** Kills a part as {@code kill -9} does. It is started again. */
  public void kill(String part) {
    supervisor.kill(part);
  }

  /** Ends a part in an orderly way and keeps it down until {@link #release}. */
  public void hold(String part) {
    supervisor.hold(part);
  }

  /** Lets a part that was held start again. */
  public void release(String part) {
    supervisor.release(part);
  }

  /** Ends everything: the gateway first, then the services, the broker, the database. */
  @Override
  public void close() {
    closed = true;
    Process running = training;
    if (running != null) {
      running.destroyForcibly();
    }
    try {
      supervisor.close();
    } finally {
      lock.close();
    }
  }

  private void requireFreePorts() throws UnknownHostException {
    Map<Setting, String> owners = new LinkedHashMap<>();
    owners.put(Setting.MYBELLA_POSTGRES_PORT, POSTGRES);
    owners.put(Setting.MYBELLA_KAFKA_PORT, KAFKA);
    for (Service service : Service.values()) {
      owners.put(service.port(), service.module());
    }
    List<String> taken = new ArrayList<>();
    for (Map.Entry<Setting, String> entry : owners.entrySet()) {
      Setting setting = entry.getKey();
      int port = settings.number(setting);
      InetAddress address =
          setting == Setting.MYBELLA_GATEWAY_PORT
              ? InetAddress.getByName(settings.get(Setting.MYBELLA_BIND_ADDRESS))
              : InetAddress.ofLiteral("127.0.0.1");
      if (!Ports.isFree(address, port)) {
        taken.add(
            "Port %d, wanted by %s, is taken by %s.%n  End that, or set another port: %s=%d"
                .formatted(
                    port,
                    entry.getValue(),
                    Ports.owner(port)
                        .map(Ports::describe)
                        .orElse("a process that this user cannot see"),
                    setting.name(),
                    port < 60_000 ? port + 1_000 : port - 1_000));
      }
    }
    if (!taken.isEmpty()) {
      throw new StartFailure(String.join(System.lineSeparator(), taken));
    }
  }

  private Map<Service, ServiceJar> unpackJars() throws IOException {
    Map<Service, ServiceJar> jars = new LinkedHashMap<>();
    for (Service service : Service.values()) {
      jars.put(service, unpack(service));
    }
    return jars;
  }

  private ServiceJar unpack(Service service) throws IOException {
    Path jar = service.jar(settings.root());
    if (!Files.exists(jar)) {
      throw new StartFailure(jar + " does not exist. Build it with: ./mvnw -DskipTests package");
    }
    return ServiceJar.unpack(jar, settings.root().resolve("local-stack/target/services"));
  }

  /** This module's own jar if it was built, else the class path that this code runs from. */
  private String ownClassPath(boolean withLibraries) {
    Path target = settings.root().resolve("local-stack/target");
    Path jar = target.resolve("local-stack.jar");
    if (!Files.exists(jar) || !Files.isDirectory(target.resolve("lib"))) {
      throw new StartFailure(jar + " does not exist. Build it with: ./mvnw -DskipTests package");
    }
    return withLibraries ? jar + File.pathSeparator + target.resolve("lib") + "/*" : "" + jar;
  }

  private Program kafka() throws IOException {
    int port = settings.number(Setting.MYBELLA_KAFKA_PORT);
    List<String> arguments =
        new ArrayList<>(Jvm.smallJvm(settings.get(Setting.MYBELLA_KAFKA_HEAP)));
    arguments.add("-Dlogback.configurationFile=local-stack-logback.xml");
    arguments.addAll(List.of("-cp", ownClassPath(true), Guarded.class.getName()));
    arguments.addAll(List.of(KafkaMain.class.getName(), home.kafka().toString(), "" + port));
    return new Program(
        KAFKA,
        port,
        kafkaBootstrapServers(),
        home.log(KAFKA),
        Jvm.command(home.run().resolve("kafka.args"), arguments),
        SMALL_ALLOCATOR,
        null);
  }

  private Program program(Service service, ServiceJar jar, Instance instance) throws IOException {
    List<String> arguments = new ArrayList<>(Jvm.smallJvm(settings.get(service.heap())));
    arguments.addAll(Jvm.split(settings.get(Setting.MYBELLA_JAVA_OPTIONS)));
    AheadOfTimeCache cache = cache(service, jar);
    if (aheadOfTime() && cache.exists()) {
      arguments.addAll(cache.use());
    }
    arguments.add("-cp");
    // The guard comes last: the cache was made without it, and a longer class path is no other one.
    arguments.add(Jvm.classPath(jar.classPath()) + File.pathSeparator + ownClassPath(false));
    arguments.addAll(List.of(Guarded.class.getName(), jar.mainClass()));
    return new Program(
        instance.part(),
        instance.port(),
        instance.url().toString(),
        home.log(instance.part()),
        Jvm.command(home.run().resolve(instance.part() + ".args"), arguments),
        environment(service, instance),
        HEALTH);
  }

  private boolean aheadOfTime() {
    return settings.get(Setting.MYBELLA_AOT).equals("on");
  }

  private AheadOfTimeCache cache(Service service, ServiceJar jar) {
    return new AheadOfTimeCache(
        settings.root().resolve("local-stack/target/aot"), service.module(), jar);
  }

  /**
   * Makes the caches that the next start profits from, for the services that have none yet. It
   * takes a minute or two of otherwise idle processor time; the platform is of use meanwhile. Ends
   * early when the platform is closed.
   */
  public void makeCaches() {
    if (!aheadOfTime()) {
      return;
    }
    try {
      for (Map.Entry<Service, ServiceJar> entry : unpackJars().entrySet()) {
        Service service = entry.getKey();
        AheadOfTimeCache cache = cache(service, entry.getValue());
        if (!cache.exists() && !closed) {
          List<String> options = new ArrayList<>(Jvm.smallJvm(settings.get(service.heap())));
          options.addAll(Jvm.split(settings.get(Setting.MYBELLA_JAVA_OPTIONS)));
          Process process =
              cache.make(options, environment(service), home.log("ahead-of-time-cache"));
          training = process;
          if (closed) {
            process.destroyForcibly();
          }
          cache.keep(process);
        }
      }
    } catch (IOException e) {
      progress.accept("  The ahead-of-time caches cannot be made: " + e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private Map<String, String> environment(Service service, Instance instance) {
    Map<String, String> environment = environment(service);
    environment.put(service.port().name(), "" + instance.port());
    return environment;
  }

  private Map<String, String> environment(Service service) {
    Map<String, String> environment = new HashMap<>(settings.forServices());
    environment.putAll(SMALL_ALLOCATOR);
    for (Service other : Service.values()) {
      environment.put(other.port().name(), settings.get(other.port()));
      environment.put("MYBELLA_" + other.name() + "_URL", url(other).toString());
    }
    environment.put(
        "MYBELLA_BIND_ADDRESS",
        service == Service.GATEWAY ? settings.get(Setting.MYBELLA_BIND_ADDRESS) : "127.0.0.1");
    environment.put("MYBELLA_KAFKA", kafkaBootstrapServers());
    environment.put("MYBELLA_JWKS_URI", baseUrl() + "/.well-known/jwks.json");
    environment.put("MYBELLA_BLOBS_FOLDER", home.blobs().toString());
    if (!service.database().isEmpty()) {
      Database database = database(service);
      environment.put("MYBELLA_DB_URL", database.jdbcUrl());
      environment.put("MYBELLA_DB_OWNER_USER", database.ownerUser());
      environment.put("MYBELLA_DB_OWNER_PASSWORD", database.ownerPassword());
      environment.put("MYBELLA_DB_APP_USER", database.appUser());
      environment.put("MYBELLA_DB_APP_PASSWORD", database.appPassword());
    }
    return environment;
  }
}
