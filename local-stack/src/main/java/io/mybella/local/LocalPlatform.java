package io.mybella.local;

import io.mybella.local.child.Guarded;
import io.mybella.local.child.KafkaMain;
import io.mybella.local.parts.Folders;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart.Database;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Secrets;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import io.mybella.local.supervisor.Backoff;
import io.mybella.local.supervisor.DatabaseServer;
import io.mybella.local.supervisor.Limits;
import io.mybella.local.supervisor.Part;
import io.mybella.local.supervisor.Ports;
import io.mybella.local.supervisor.Probe;
import io.mybella.local.supervisor.Program;
import io.mybella.local.supervisor.StartFailure;
import io.mybella.local.supervisor.State;
import io.mybella.local.supervisor.Supervisor;
import io.mybella.operator.PlatformAccess;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.stream.Stream;

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

  /** The name of the stand-in for ElevenLabs among the parts, its module's name as well. */
  public static final String FAKE_ELEVENLABS = "fake-elevenlabs";

  /** The stand-in takes any key; that of the user is not for it. */
  static final String MADE_UP_KEY = "made-up-key-of-the-stand-in";

  private static final String FAKE_ELEVENLABS_HEAP = "96m";

  /** Few arenas for glibc's allocator: dozens of threads would each get one, hardly filled. */
  private static final Map<String, String> SMALL_ALLOCATOR = Map.of("MALLOC_ARENA_MAX", "2");

  private final Settings settings;
  private final Home home;
  private final HomeLock lock;
  private final Secrets secrets;
  private final DatabaseServer postgres;
  private final Supervisor supervisor;
  private final Consumer<String> progress;
  private final boolean watched;
  private final StartCaches caches;
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Map<String, JavaProgram> programs = new ConcurrentHashMap<>();

  private LocalPlatform(
      Settings settings, HomeLock lock, Consumer<String> progress, boolean watched) {
    this.settings = settings;
    this.watched = watched;
    this.caches = new StartCaches(this, progress);
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
            Limits.of(
                Duration.ofSeconds(settings.number(Setting.MYBELLA_START_LIMIT)),
                Duration.ofSeconds(settings.number(Setting.MYBELLA_SILENCE_LIMIT))),
            progress);
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
    return prepare(settings, progress, false);
  }

  private static LocalPlatform prepare(
      Settings settings, Consumer<String> progress, boolean watched) {
    Home home = new Home(settings.home());
    try {
      home.create();
      return new LocalPlatform(settings, HomeLock.take(home), progress, watched);
    } catch (IOException e) {
      throw new UncheckedIOException("The folder " + home.folder() + " cannot be used", e);
    }
  }

  /**
   * Another platform with the same settings, in a folder and on ports of its own, whose parts run
   * at the lowest priority and leave a record of what their start caches need. What is set for the
   * services is not handed on: a key would be charged, a bucket written to.
   */
  LocalPlatform watched() {
    Map<String, String> own = freePorts();
    own.put(Setting.MYBELLA_HOME.name(), home.training().folder().toString());
    own.put(Setting.MYBELLA_FAKE_ELEVENLABS.name(), "off");
    // At the lowest priority a part may get no turn for minutes.
    own.put(Setting.MYBELLA_SILENCE_LIMIT.name(), settings.get(Setting.MYBELLA_START_LIMIT));
    return prepare(settings.withoutServices().with(own), line -> {}, true);
  }

  /** A free port for each setting that is one. */
  public static Map<String, String> freePorts() {
    Map<String, String> ports = new HashMap<>();
    Set<Integer> taken = new HashSet<>();
    for (Setting setting : Setting.values()) {
      if (setting.name().endsWith("_PORT")) {
        int port = FreePort.find();
        while (!taken.add(port)) {
          port = FreePort.find();
        }
        ports.put(setting.name(), "" + port);
      }
    }
    return ports;
  }

  /**
   * Starts everything, each part as soon as what it needs is there, and returns when all parts are
   * healthy.
   *
   * @throws StartFailure when it does not start; the message says what to do. What was started runs
   *     on until {@link #close}.
   */
  public void start() {
    try {
      Leftovers.end(home, progress);
      requireFreePorts();
      programs.put(KAFKA, kafkaProgram());
      for (Map.Entry<Service, ServiceJar> jar : extractAll(settings).entrySet()) {
        programs.put(jar.getKey().module(), program(jar.getKey(), jar.getValue()));
      }
      List<Part> services = new ArrayList<>();
      List<Part> doors = new ArrayList<>();
      for (Service service : Service.values()) {
        (service == Service.GATEWAY ? doors : services)
            .add(part(service, Instance.first(service, settings)));
      }
      List<Part> grounds = new ArrayList<>(List.of(postgres, kafka()));
      if (fakesElevenLabs()) {
        grounds.add(fakeElevenLabs());
      }
      supervisor.start(grounds, services, doors);
    } catch (IOException e) {
      throw new UncheckedIOException("The platform cannot be started in " + home.folder(), e);
    }
  }

  /**
   * Extracts the services' jars, unless that was done before: so much of a first start that the
   * build can do.
   *
   * @param settings the settings in force
   * @throws StartFailure when one of them was not built
   */
  public static void extractJars(Settings settings) throws IOException {
    extractAll(settings);
  }

  private static Map<Service, ServiceJar> extractAll(Settings settings) throws IOException {
    Map<Service, Future<ServiceJar>> extractions = new EnumMap<>(Service.class);
    Map<Service, ServiceJar> jars = new EnumMap<>(Service.class);
    try (ExecutorService each = Executors.newVirtualThreadPerTaskExecutor()) {
      for (Service service : Service.values()) {
        requireBuilt(service.jar(settings.root()));
        extractions.put(service, each.submit(() -> extract(service, settings)));
      }
      for (Map.Entry<Service, Future<ServiceJar>> extraction : extractions.entrySet()) {
        jars.put(extraction.getKey(), extraction.getValue().get());
      }
      return jars;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("Interrupted while jars were extracted", e);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : new IOException(e.getCause());
    }
  }

  private static ServiceJar extract(Service service, Settings settings) throws IOException {
    return ServiceJar.extract(
        service.jar(settings.root()), settings.root().resolve("local-stack/target/services"));
  }

  private static void requireBuilt(Path jar) {
    if (!Files.exists(jar)) {
      throw new StartFailure(jar + " does not exist. Build it with: ./mvnw -DskipTests package");
    }
  }

  /**
   * The names of all parts that there can be, in the order of their starts, without replicas. The
   * stand-in for ElevenLabs runs only where it is wanted.
   */
  public static List<String> partNames() {
    return Stream.concat(
            Stream.of(POSTGRES, KAFKA, FAKE_ELEVENLABS),
            Arrays.stream(Service.values()).map(Service::module))
        .toList();
  }

  /** The names of the parts of this platform, in the order of their starts, without replicas. */
  public List<String> ownPartNames() {
    return partNames().stream()
        .filter(name -> fakesElevenLabs() || !name.equals(FAKE_ELEVENLABS))
        .toList();
  }

  /**
   * Where the stand-in for ElevenLabs answers; empty where ElevenLabs itself is asked, or nobody.
   */
  public Optional<URI> fakeElevenLabsUrl() {
    return fakesElevenLabs()
        ? Optional.of(
            URI.create("http://127.0.0.1:" + settings.number(Setting.MYBELLA_FAKE_ELEVENLABS_PORT)))
        : Optional.empty();
  }

  private boolean fakesElevenLabs() {
    return settings.isOn(Setting.MYBELLA_FAKE_ELEVENLABS);
  }

  /** Where the gateway answers. */
  public URI baseUrl() {
    return url(Service.GATEWAY);
  }

  /** Where a service answers, past the gateway. */
  public URI url(Service service) {
    return URI.create("http://127.0.0.1:" + settings.number(service.port()));
  }

  /** Where a service answers about its health and metrics. */
  public URI managementUrl(Service service) {
    return URI.create("http://127.0.0.1:" + settings.number(service.managementPort()));
  }

  /** What Kafka clients connect to. */
  public String kafkaBootstrapServers() {
    return "127.0.0.1:" + settings.number(Setting.MYBELLA_KAFKA_PORT);
  }

  /** How to reach a service's database with the service's own rights. */
  public Database database(Service service) {
    return postgres.database(service.database());
  }

  /** What whoever runs this platform shows to its services, below {@code /internal}. */
  public String operatorToken() {
    return RunningStack.operatorToken(settings, secrets);
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

  /** How long a part took to become healthy; nothing before that. */
  public Optional<Duration> timeToStart(String part) {
    return supervisor.timeToStart(part);
  }

  /** Whether the next start profits from start caches that are yet to be made. */
  public boolean wantsCaches() {
    return !withoutCache().isEmpty();
  }

  /**
   * Uses the time in which the machine has little else to do. The first time all parts give back
   * what they took for the start, and the caches are made that the next start profits from, where
   * there are none yet: that takes some minutes of processor time, and the platform is of use
   * meanwhile. Later the parts give back what they have no use for, once an hour at most. Returns
   * when the platform is closed.
   */
  public void useIdleTime() {
    useIdleTime(Idle.ofThisMachine());
  }

  /** The same with another notion of idleness. */
  void useIdleTime(Idle idle) {
    try {
      if (!idle.await(ended)) {
        return;
      }
      supervisor.tidy();
      caches.make();
      while (idle.awaitNext(ended)) {
        supervisor.tidy();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Ends everything: the gateway first, then the services, the broker, the database. */
  @Override
  public void close() {
    close(Supervisor.END_LIMIT);
  }

  /**
   * Ends everything.
   *
   * @param limit how long a part may take for an orderly end before it is killed
   */
  void close(Duration limit) {
    ended.countDown();
    caches.close();
    try {
      supervisor.close(limit);
    } finally {
      lock.close();
    }
  }

  /** The supervisor of the parts. */
  Supervisor supervisor() {
    return supervisor;
  }

  /** The database server. */
  DatabaseServer postgres() {
    return postgres;
  }

  /** What makes the start caches. */
  StartCaches caches() {
    return caches;
  }

  /** The programs whose start caches are yet to be made; none where caches are not wanted. */
  List<JavaProgram> withoutCache() {
    return cachesWanted()
        ? programs.values().stream().filter(program -> !program.cache().exists()).toList()
        : List.of();
  }

  /** Whether the services have the compiler that pays after minutes of load. */
  boolean hasSecondCompiler() {
    return settings.get(Setting.MYBELLA_JIT).equals("full");
  }

  private boolean cachesWanted() {
    return settings.isOn(Setting.MYBELLA_AOT);
  }

  private void requireFreePorts() throws UnknownHostException {
    Map<Setting, String> owners = new LinkedHashMap<>();
    owners.put(Setting.MYBELLA_POSTGRES_PORT, POSTGRES);
    owners.put(Setting.MYBELLA_KAFKA_PORT, KAFKA);
    if (fakesElevenLabs()) {
      owners.put(Setting.MYBELLA_FAKE_ELEVENLABS_PORT, FAKE_ELEVENLABS);
    }
    for (Service service : Service.values()) {
      owners.put(service.port(), service.module());
      owners.put(service.managementPort(), service.module());
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

  /** The broker as a part. */
  Program kafka() throws IOException {
    return new Program(
        KAFKA,
        settings.number(Setting.MYBELLA_KAFKA_PORT),
        kafkaBootstrapServers(),
        home.log(KAFKA),
        command(KAFKA, KAFKA),
        SMALL_ALLOCATOR,
        new Probe.Broker(settings.number(Setting.MYBELLA_KAFKA_PORT)),
        Set.of(),
        () -> Folders.makeEmpty(home.scratch(KAFKA)));
  }

  /** The jar that this very class comes from, which the script keeps from being built anew. */
  private static Optional<Path> ownJar() {
    return Optional.ofNullable(LocalPlatform.class.getProtectionDomain().getCodeSource())
        .map(source -> Path.of(URI.create(source.getLocation().toString())))
        .filter(Files::isRegularFile);
  }

  private JavaProgram kafkaProgram() throws IOException {
    Path target = settings.root().resolve("local-stack/target");
    Path jar = ownJar().orElse(target.resolve("local-stack.jar"));
    requireBuilt(jar);
    List<Path> files = new ArrayList<>(List.of(jar));
    try (Stream<Path> libraries = Files.list(target.resolve("lib"))) {
      libraries.sorted().forEach(files::add);
    }
    return program(
            KAFKA,
            Setting.MYBELLA_KAFKA_HEAP,
            String.join(File.pathSeparator, files.stream().map(Path::toString).toList()),
            files,
            List.of(
                Guarded.class.getName(),
                KafkaMain.class.getName(),
                home.kafka().toString(),
                settings.get(Setting.MYBELLA_KAFKA_PORT)))
        .with(List.of("-Dlogback.configurationFile=local-stack-logback.xml"));
  }

  /** The stand-in as a part. It starts within a second: a start cache would gain nothing. */
  private Program fakeElevenLabs() throws IOException {
    int port = settings.number(Setting.MYBELLA_FAKE_ELEVENLABS_PORT);
    Path built =
        settings
            .root()
            .resolve(FAKE_ELEVENLABS)
            .resolve("target")
            .resolve(FAKE_ELEVENLABS + ".jar");
    requireBuilt(built);
    PlainJar jar = PlainJar.copy(built, settings.root().resolve("local-stack/target/services"));
    List<String> arguments = new ArrayList<>(Jvm.options(FAKE_ELEVENLABS_HEAP, true));
    arguments.addAll(
        List.of("-cp", jar.classPath(), Guarded.class.getName(), jar.mainClass(), "" + port));
    return new Program(
        FAKE_ELEVENLABS,
        port,
        "http://127.0.0.1:" + port,
        home.log(FAKE_ELEVENLABS),
        Jvm.command(home.run().resolve(FAKE_ELEVENLABS + ".args"), arguments),
        SMALL_ALLOCATOR,
        new Probe.Page(port, "/_faults"));
  }

  /**
   * An instance of a service as a part. It needs its database, which is made before its first
   * start; the broker and its neighbours it waits for by itself, as it must in production.
   */
  Part part(Service service, Instance instance) throws IOException {
    String database = service.database();
    return new Program(
        instance.part(),
        instance.port(),
        instance.url().toString(),
        home.log(instance.part()),
        command(instance.part(), service.module()),
        environment(service, instance),
        new Probe.Service(instance.managementPort()),
        database.isEmpty() ? Set.of() : Set.of(postgres.name()),
        () -> {
          // A process that was killed has cleaned up nothing.
          Folders.makeEmpty(home.scratch(instance.part()));
          if (!database.isEmpty()) {
            postgres.prepare(database);
          }
        });
  }

  private JavaProgram program(Service service, ServiceJar jar) throws IOException {
    return program(
            service.module(),
            service.heap(),
            jar.classPath(),
            jar.files(),
            List.of(Guarded.class.getName(), jar.mainClass()))
        .with(Jvm.split(settings.get(Setting.MYBELLA_JAVA_OPTIONS)));
  }

  private JavaProgram program(
      String part, Setting heap, String classPath, List<Path> files, List<String> main)
      throws IOException {
    List<String> options = Jvm.options(settings.get(heap), !hasSecondCompiler());
    Path caches = settings.root().resolve("local-stack/target/aot");
    return new JavaProgram(
        part, options, classPath, files, main, StartCache.of(caches, part, files, options));
  }

  private List<String> command(String instance, String part) throws IOException {
    JavaProgram program = Objects.requireNonNull(programs.get(part), part);
    Path arguments = home.run().resolve(instance + ".args");
    List<String> more = new ArrayList<>();
    more.add("-Djava.io.tmpdir=" + home.scratch(instance));
    if (cachesWanted() && program.cache().exists()) {
      more.addAll(program.cache().use());
    } else if (watched) {
      more.addAll(program.cache().watch());
    }
    if (!watched) {
      return program.command(arguments, more);
    }
    more.add("-D%s=%d".formatted(Guarded.END_LIMIT, StartCaches.END_LIMIT.toSeconds()));
    return Jvm.nice(program.command(arguments, more));
  }

  private Map<String, String> environment(Service service, Instance instance) {
    Map<String, String> environment = new HashMap<>(settings.forServices());
    environment.putAll(SMALL_ALLOCATOR);
    for (Service other : Service.values()) {
      environment.put(other.port().name(), settings.get(other.port()));
      // As a setting says where there is something in between, such as a load balancer.
      environment.putIfAbsent("MYBELLA_" + other.name() + "_URL", url(other).toString());
    }
    environment.put(
        "MYBELLA_BIND_ADDRESS",
        service == Service.GATEWAY ? settings.get(Setting.MYBELLA_BIND_ADDRESS) : "127.0.0.1");
    environment.put("MYBELLA_KAFKA", kafkaBootstrapServers());
    environment.putIfAbsent("MYBELLA_JWKS_URI", baseUrl() + "/.well-known/jwks.json");
    environment.put("MYBELLA_BLOBS_FOLDER", home.blobs().toString());
    fakeElevenLabsUrl()
        .ifPresent(
            url -> {
              environment.put("MYBELLA_ELEVENLABS_URL", url.toString());
              environment.put("MYBELLA_ELEVENLABS_API_KEY", MADE_UP_KEY);
            });
    if (!service.database().isEmpty()) {
      Database database = database(service);
      environment.put("MYBELLA_DB_URL", database.jdbcUrl());
      environment.put("MYBELLA_DB_OWNER_USER", database.ownerUser());
      environment.put("MYBELLA_DB_OWNER_PASSWORD", database.ownerPassword());
      environment.put("MYBELLA_DB_APP_USER", database.appUser());
      environment.put("MYBELLA_DB_APP_PASSWORD", database.appPassword());
      environment.put(PlatformAccess.TOKEN, operatorToken());
    }
    environment.put(service.port().name(), "" + instance.port());
    environment.put("MYBELLA_MANAGEMENT_PORT", "" + instance.managementPort());
    environment.put("MYBELLA_MANAGEMENT_ADDRESS", "127.0.0.1");
    return environment;
  }
}
