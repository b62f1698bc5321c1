package io.mybella.memory;

import io.mybella.local.LocalPlatform;
import io.mybella.local.settings.Home;
import io.mybella.local.settings.Secrets;
import io.mybella.local.settings.Setting;
import io.mybella.local.settings.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.concurrent.locks.LockSupport;

/**
 * Measures memory-service in a platform that {@code ./mybella up} runs on this machine: appends
 * through the gateway, pages of short and of very long histories, what row-level security costs,
 * and how forgetting and erasing a million messages goes, with what it does to others. About
 * fifteen minutes on two cores, and six gigabytes of disk for 10,000,000 messages.
 *
 * <pre>
 * MYBELLA_GATEWAY_LIMIT_PER_CALLER=0 MYBELLA_GATEWAY_LIMIT_PER_ADDRESS=0 \
 *     MYBELLA_HOME=/tmp/measured ./mybella up --detach
 * MYBELLA_HOME=/tmp/measured ./mybella bench memory [messages of the long history]
 * </pre>
 */
public final class MemoryBenchmark {

  private static final int CONNECTIONS = 16;
  private static final int SHORT = 10_000;
  private static final int MILLION = 1_000_000;
  private static final int READS = 2_000;

  private final Session session;
  private final Settings settings;
  private final Secrets secrets;
  private final Connection superuser;

  private MemoryBenchmark(Session session, Settings settings, Secrets secrets) throws SQLException {
    this.session = session;
    this.settings = settings;
    this.secrets = secrets;
    this.superuser = connect("postgres");
  }

  /** Runs everything and prints one line per figure. */
  public static void main(String[] arguments) throws Exception {
    int messages = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 10_000_000;
    Settings settings = Settings.read(LocalPlatform.projectRoot(), System.getenv());
    Secrets secrets = Secrets.of(new Home(settings.home()).secrets());
    String base = "http://127.0.0.1:" + settings.get(Setting.MYBELLA_GATEWAY_PORT);
    var benchmark = new MemoryBenchmark(Session.register(base), settings, secrets);
    say(
        "%d processors, Java %s"
            .formatted(Runtime.getRuntime().availableProcessors(), Runtime.version()));
    benchmark.appends();
    long brief = benchmark.history(SHORT);
    long lengthy = benchmark.history(messages);
    benchmark.pages(brief, lengthy, messages);
    benchmark.guard(brief);
    benchmark.forgetting(brief);
    benchmark.erasing(brief);
  }

  /** As fast as they go, and then at half of that. */
  private void appends() throws InterruptedException {
    List<Long> personas = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      personas.add(session.persona());
    }
    load(personas, Duration.ofSeconds(60), 0);
    Load fastest = load(personas, Duration.ofSeconds(30), 0);
    say(
        "appends, %d connections: %.0f/s, %s"
            .formatted(CONNECTIONS, fastest.perSecond(), fastest.times()));
    Load half = load(personas, Duration.ofSeconds(30), fastest.perSecond() / 2);
    say("appends at half of that: %.0f/s, %s".formatted(half.perSecond(), half.times()));
  }

  private Load load(List<Long> personas, Duration time, double perSecond)
      throws InterruptedException {
    var times = new ConcurrentLinkedQueue<Long>();
    long begin = System.nanoTime();
    long end = begin + time.toNanos();
    long pause = perSecond == 0 ? 0 : (long) (personas.size() * 1e9 / perSecond);
    var running = new CountDownLatch(personas.size());
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (int writer = 0; writer < personas.size(); writer++) {
        long persona = personas.get(writer);
        long first = begin + pause * writer / personas.size();
        threads.execute(
            () -> {
              // Late answers do not thin out the load: each is due at its own time.
              for (long due = first; System.nanoTime() < end; due += pause) {
                LockSupport.parkNanos(due - System.nanoTime());
                long started = pause == 0 ? System.nanoTime() : due;
                session.say(persona, "What a load generator has to say, in about a sentence.");
                times.add(System.nanoTime() - started);
              }
              running.countDown();
            });
      }
      running.await();
    }
    return Load.of(times, System.nanoTime() - begin);
  }

  /** A persona that remembers so many messages, put there by COPY. */
  private long history(int messages) throws SQLException, IOException {
    long persona = session.persona();
    session.say(persona, "The first of many.");
    long size = size();
    long begin = System.nanoTime();
    copy(persona, messages);
    say(
        "COPY of %,d messages: %.0f s, %d bytes each with their indexes"
            .formatted(messages, (System.nanoTime() - begin) / 1e9, (size() - size) / messages));
    return persona;
  }

  private long size() throws SQLException {
    return Long.parseLong(
        one(
            """
            SELECT sum(pg_total_relation_size(inhrelid)) FROM pg_inherits
            WHERE inhparent = 'chat_message'::regclass
            """));
  }

  private void copy(long persona, int messages) throws SQLException, IOException {
    String where = "user_id = %d AND persona_id = %d".formatted(session.userId(), persona);
    UUID conversation =
        UUID.fromString(one("SELECT conversation_id FROM chat_message WHERE " + where));
    // A UUIDv7 begins with milliseconds: these come before the one that was said.
    long first = System.currentTimeMillis() - messages - 1_000L;
    try (Statement statement = superuser.createStatement()) {
      // Foreign keys were looked at ten million times otherwise.
      statement.execute("SET session_replication_role = replica");
    }
    var copy =
        superuser
            .unwrap(org.postgresql.PGConnection.class)
            .getCopyAPI()
            .copyIn(
                """
                COPY chat_message
                  (user_id, persona_id, id, conversation_id, role, content, created_at)
                FROM STDIN
                """);
    var rows = new StringBuilder();
    for (int i = 0; i < messages; i++) {
      rows.append(session.userId()).append('\t').append(persona).append('\t');
      rows.append(new UUID((first + i) << 16 | 0x7000, 0x8000_0000_0000_0000L | i)).append('\t');
      rows.append(conversation).append('\t').append(i % 2 == 0 ? "user" : "assistant");
      rows.append("\tMessage number ").append(i);
      rows.append(" of a long conversation about everything that comes to mind.\tnow\n");
      if (rows.length() > 1 << 16 || i == messages - 1) {
        byte[] bytes = rows.toString().getBytes(java.nio.charset.StandardCharsets.UTF_8);
        copy.writeToCopy(bytes, 0, bytes.length);
        rows.setLength(0);
      }
    }
    copy.endCopy();
    try (Statement statement = superuser.createStatement()) {
      statement.execute("SET session_replication_role = origin");
      statement.execute("VACUUM ANALYZE chat_message");
    }
  }

  /** In turns, so that whatever else the machine does meets all of them alike. */
  private void pages(long brief, long lengthy, int messages) {
    Map<String, String> places = new LinkedHashMap<>();
    places.put(
        "newest of %,d".formatted(SHORT), "/api/personas/%d/messages?limit=50".formatted(brief));
    places.put(
        "newest of %,d".formatted(messages),
        "/api/personas/%d/messages?limit=50".formatted(lengthy));
    places.put(
        "oldest of %,d".formatted(messages),
        "/api/personas/%d/messages?limit=50&after=".formatted(lengthy));
    Map<String, List<Long>> times = new LinkedHashMap<>();
    for (int read = -READS / 4; read < READS; read++) {
      for (var place : places.entrySet()) {
        long begin = System.nanoTime();
        session.get(place.getValue());
        if (read >= 0) {
          times
              .computeIfAbsent(place.getKey(), _ -> new ArrayList<>())
              .add(System.nanoTime() - begin);
        }
      }
    }
    times.forEach(
        (place, each) -> say("page of 50, %s: %s".formatted(place, Load.of(each, 1).times())));
  }

  /**
   * Processor time of the same page with row-level security and without, in turns: what its
   * sessions of PostgreSQL and the service itself take for it.
   */
  private void guard(long persona) throws SQLException, IOException {
    List<Double> database = new ArrayList<>();
    List<Double> whole = new ArrayList<>();
    for (int round = 0; round < 9; round++) {
      Cost with = cost(persona);
      guards("DISABLE");
      Cost without = cost(persona);
      guards("ENABLE");
      database.add(with.database() / without.database());
      whole.add((with.database() + with.service()) / (without.database() + without.service()));
    }
    say("row-level security, processor time of the database: %s".formatted(median(database)));
    say("row-level security, with that of memory-service: %s".formatted(median(whole)));
  }

  private static String median(List<Double> ratios) {
    List<Double> sorted = ratios.stream().sorted().toList();
    return "%.2f x (median of %s)"
        .formatted(sorted.get(sorted.size() / 2), sorted.stream().map("%.2f"::formatted).toList());
  }

  private void guards(String action) throws SQLException {
    String each =
        """
        DO $$
        DECLARE held regclass;
        BEGIN
          FOR held IN SELECT oid::regclass FROM pg_class WHERE relforcerowsecurity LOOP
            EXECUTE format('ALTER TABLE %%s %s ROW LEVEL SECURITY', held);
          END LOOP;
        END $$
        """
            .formatted(action);
    try (Statement statement = superuser.createStatement()) {
      statement.execute(each);
    }
  }

  /** Ticks of the service's sessions of the database, and of the service itself. */
  private record Cost(double database, double service) {}

  private Cost cost(long persona) throws SQLException, IOException {
    for (int i = 0; i < READS / 4; i++) {
      read(persona);
    }
    List<Long> sessions = new ArrayList<>();
    try (Statement statement = superuser.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'memory_app' ORDER BY pid")) {
      while (rows.next()) {
        sessions.add(rows.getLong(1));
      }
    }
    long service = serviceId();
    double databaseBefore = ticks(sessions);
    double serviceBefore = ticks(List.of(service));
    for (int i = 0; i < READS; i++) {
      read(persona);
    }
    return new Cost(ticks(sessions) - databaseBefore, ticks(List.of(service)) - serviceBefore);
  }

  private long serviceId() throws IOException {
    Path record = new Home(settings.home()).run().resolve("memory-service.process");
    var process = new Properties();
    try (var reader = Files.newBufferedReader(record)) {
      process.load(reader);
    }
    return Long.parseLong(process.getProperty("pid"));
  }

  /** Processor time of processes, in the kernel's ticks; proc(5). */
  private static double ticks(List<Long> processes) throws IOException {
    double sum = 0;
    for (long process : processes) {
      String stat = Files.readString(Path.of("/proc", Long.toString(process), "stat"));
      String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ", -1);
      sum += Long.parseLong(fields[11]) + Long.parseLong(fields[12]);
    }
    return sum;
  }

  private void forgetting(long other) throws Exception {
    long persona = history(MILLION);
    Load before = othersFor(other, Duration.ofSeconds(15));
    long begin = System.nanoTime();
    session.delete("/api/personas/%d/messages".formatted(persona));
    long answered = System.nanoTime() - begin;
    goesWith(
        "forgetting",
        other,
        before,
        begin,
        "user_id = %d AND persona_id = %d".formatted(session.userId(), persona));
    say("forgetting %,d messages is answered after %.0f ms".formatted(MILLION, answered / 1e6));
  }

  private void erasing(long other) throws Exception {
    long persona = history(MILLION);
    Load before = othersFor(other, Duration.ofSeconds(15));
    long begin = System.nanoTime();
    session.delete("/api/personas/%d".formatted(persona));
    goesWith(
        "erasing",
        other,
        before,
        begin,
        "user_id = %d AND persona_id = %d".formatted(session.userId(), persona));
  }

  /** Reads another history until the rows are gone. */
  private void goesWith(String what, long other, Load before, long begin, String rows)
      throws SQLException {
    List<Long> times = new ArrayList<>();
    do {
      for (int i = 0; i < 100; i++) {
        times.add(read(other));
      }
    } while (one("SELECT EXISTS (SELECT FROM chat_message WHERE " + rows + ")").equals("t"));
    say(
        "%s %,d messages: gone after %.1f s"
            .formatted(what, MILLION, (System.nanoTime() - begin) / 1e9));
    say(
        "a page of another history: %s before, %s meanwhile"
            .formatted(before.times(), Load.of(times, 1).times()));
  }

  private Load othersFor(long other, Duration time) {
    List<Long> times = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      times.add(read(other));
    }
    return Load.of(times, time.toNanos());
  }

  private long read(long persona) {
    long begin = System.nanoTime();
    session.get("/api/personas/%d/messages?limit=50".formatted(persona));
    return System.nanoTime() - begin;
  }

  private String one(String sql) throws SQLException {
    try (Statement statement = superuser.createStatement();
        ResultSet row = statement.executeQuery(sql)) {
      row.next();
      return row.getString(1);
    }
  }

  private Connection connect(String role) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + settings.get(Setting.MYBELLA_POSTGRES_PORT) + "/memory",
        role,
        secrets.password(role));
  }

  /** Nanoseconds of each request, the shortest first, and of all. */
  private record Load(List<Long> sorted, long nanos) {

    static Load of(Collection<Long> times, long nanos) {
      return new Load(times.stream().sorted().toList(), nanos);
    }

    double perSecond() {
      return sorted.size() * 1e9 / nanos;
    }

    String times() {
      return "p50 %.2f ms, p99 %.2f ms (%,d)".formatted(at(0.5), at(0.99), sorted.size());
    }

    private double at(double part) {
      int place = (int) Math.min(sorted.size() - 1L, Math.round(part * sorted.size()));
      return sorted.get(place) / 1e6;
    }
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
