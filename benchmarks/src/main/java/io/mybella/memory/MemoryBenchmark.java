package io.mybella.memory;

import io.mybella.figures.Figures;
import io.mybella.figures.ProcessFigures;
import io.mybella.load.Load;
import io.mybella.load.MeasuredPlatform;
import io.mybella.load.Requests;
import io.mybella.load.Session;
import io.mybella.load.Warmth;
import io.mybella.local.settings.Setting;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Measures memory-service in a platform that {@code ./mybella up} runs on this machine: appends
 * through the gateway, pages of short and of very long histories, what row-level security costs,
 * and how forgetting and erasing a million messages goes, with what it does to others. About
 * fifteen minutes on two cores, and six gigabytes of disk for 10,000,000 messages.
 */
public final class MemoryBenchmark {

  private static final int CONNECTIONS = 16;
  private static final int CREATED = 201;
  private static final Duration LOAD = Duration.ofSeconds(30);
  private static final int SHORT = 10_000;
  private static final int READS = 2_000;
  private static final Duration OTHERS = Duration.ofSeconds(15);

  private final MeasuredPlatform platform;
  private final Session session;
  private final Connection superuser;
  private final List<Map<String, Object>> rows = new ArrayList<>();

  private MemoryBenchmark(MeasuredPlatform platform, Session session, Connection superuser) {
    this.platform = platform;
    this.session = session;
    this.superuser = superuser;
  }

  /**
   * Measures everything and prints a line for each figure.
   *
   * @param messages of the long history, at least 1
   * @param gone messages of each history that is forgotten or erased, at least 1
   * @param rounds how many are forgotten, and how many erased, at least 1
   * @param json where the figures are written, too; null for nowhere
   */
  public static void measure(int messages, int gone, int rounds, @Nullable Path json)
      throws Exception {
    MeasuredPlatform platform = MeasuredPlatform.ofSettings();
    try (Connection superuser = platform.superuser("memory")) {
      var benchmark = new MemoryBenchmark(platform, platform.register(1).getFirst(), superuser);
      say(
          "%d processors, Java %s"
              .formatted(Runtime.getRuntime().availableProcessors(), Runtime.version()));
      benchmark.appends();
      long brief = benchmark.toldHistory(SHORT);
      long lengthy = benchmark.toldHistory(messages);
      benchmark.pages(brief, lengthy, messages);
      benchmark.guard(brief);
      benchmark.goneBeside(brief, "forgetting", "/api/personas/%d/messages", gone, rounds);
      benchmark.goneBeside(brief, "erasing", "/api/personas/%d", gone, rounds);
      Figures.write(json, benchmark.rows);
    }
  }

  /** As fast as they go, and then at half of that. */
  private void appends() throws InterruptedException {
    List<Load.Caller> writers = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      writers.add(Requests.messages(session.persona(), session.key()));
    }
    int gateway = platform.port(Setting.MYBELLA_GATEWAY_PORT);
    Warmth.warm("appends", step -> Load.of(gateway, CREATED, step, writers));
    Load fastest = Load.of(gateway, CREATED, LOAD, writers);
    note("appends, %d connections".formatted(CONNECTIONS), fastest);
    note(
        "appends at half of that",
        Load.paced(gateway, CREATED, LOAD, fastest.perSecond() / 2, writers));
  }

  /** As {@link #history}, and tells what it takes of time and disk. */
  private long toldHistory(int messages) throws SQLException, IOException {
    long size = size();
    long begin = System.nanoTime();
    long persona = history(messages);
    say(
        "COPY of %,d messages: %.0f s, %d bytes each with their indexes"
            .formatted(messages, (System.nanoTime() - begin) / 1e9, (size() - size) / messages));
    return persona;
  }

  /** A persona that remembers so many messages, put there by COPY. */
  private long history(int messages) throws SQLException, IOException {
    long persona = session.persona();
    session.say(persona, "The first of many.");
    copy(persona, messages);
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
    String page = "/api/personas/%d/messages?limit=50";
    List<Long> newestOfFew = new ArrayList<>();
    List<Long> newestOfMany = new ArrayList<>();
    List<Long> oldestOfMany = new ArrayList<>();
    for (int read = -READS / 4; read < READS; read++) {
      time(newestOfFew, read, page.formatted(brief));
      time(newestOfMany, read, page.formatted(lengthy));
      time(oldestOfMany, read, page.formatted(lengthy) + "&after=");
    }
    Load few = pages("newest of %,d".formatted(SHORT), newestOfFew);
    Load newest = pages("newest of %,d".formatted(messages), newestOfMany);
    Load oldest = pages("oldest of %,d".formatted(messages), oldestOfMany);
    noteRatio("p99 of many messages to that of few", List.of(newest.p99() / few.p99()));
    noteRatio("p99 of the oldest page to the newest", List.of(oldest.p99() / newest.p99()));
  }

  /** Those with a number below 0 are for warming up. */
  private void time(List<Long> times, int read, String path) {
    long begin = System.nanoTime();
    session.get(path);
    if (read >= 0) {
      times.add(System.nanoTime() - begin);
    }
  }

  private Load pages(String which, List<Long> times) {
    Load load = Load.of(times, sum(times));
    note("page of 50, " + which, load);
    return load;
  }

  private static Duration sum(List<Long> nanos) {
    return Duration.ofNanos(nanos.stream().mapToLong(each -> each).sum());
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
    noteRatio("row-level security, processor time of the database", database);
    noteRatio("row-level security, with that of memory-service", whole);
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

  /** Processor seconds of the service's sessions of the database, and of the service itself. */
  private record Cost(double database, double service) {}

  private Cost cost(long persona) throws SQLException, IOException {
    for (int i = 0; i < READS / 4; i++) {
      read(persona);
    }
    List<Long> service = List.of(platform.pid("memory-service"));
    while (true) {
      List<Long> sessions = sessions();
      double databaseBefore = processorSeconds(sessions);
      double serviceBefore = processorSeconds(service);
      for (int i = 0; i < READS; i++) {
        read(persona);
      }
      // The pool exchanges its sessions now and then; what one took is gone with it.
      if (sessions.equals(sessions())) {
        return new Cost(
            processorSeconds(sessions) - databaseBefore, processorSeconds(service) - serviceBefore);
      }
    }
  }

  private List<Long> sessions() throws SQLException {
    List<Long> sessions = new ArrayList<>();
    try (Statement statement = superuser.createStatement();
        ResultSet rows =
            statement.executeQuery(
                "SELECT pid FROM pg_stat_activity WHERE usename = 'memory_app' ORDER BY pid")) {
      while (rows.next()) {
        sessions.add(rows.getLong(1));
      }
    }
    return sessions;
  }

  private static double processorSeconds(List<Long> processes) throws IOException {
    double sum = 0;
    for (long process : processes) {
      sum += ProcessFigures.of(process).processorSeconds();
    }
    return sum;
  }

  /** Deletes long histories while another one is read: what that does to its reader. */
  private void goneBeside(long other, String what, String path, int messages, int rounds)
      throws SQLException, IOException {
    List<Double> seconds = new ArrayList<>();
    List<Double> answered = new ArrayList<>();
    List<Double> ratios = new ArrayList<>();
    for (int round = 0; round < rounds; round++) {
      long persona = history(messages);
      Load before = reads(other, OTHERS);
      long begin = System.nanoTime();
      session.delete(path.formatted(persona));
      answered.add((System.nanoTime() - begin) / 1e6);
      Load meanwhile = readsWhileThereIs(other, persona);
      seconds.add((System.nanoTime() - begin) / 1e9);
      ratios.add(meanwhile.p99() / before.p99());
      say(
          "a page of another history: %s before, %s meanwhile"
              .formatted(before.times(), meanwhile.times()));
    }
    String all = "%s %,d messages".formatted(what, messages);
    say(
        "%s: answered after %.0f ms, gone after %.1f s"
            .formatted(all, Figures.median(answered), Figures.median(seconds)));
    rows.add(
        Map.of(
            "what", all,
            "answered_ms", Figures.median(answered),
            "gone_s", Figures.median(seconds)));
    noteRatio("p99 of another history's page while " + all + ", to that before", ratios);
  }

  /** Reads a history until another one has no rows any more. */
  private Load readsWhileThereIs(long persona, long going) throws SQLException {
    String left =
        "SELECT EXISTS (SELECT FROM chat_message WHERE user_id = %d AND persona_id = %d)"
            .formatted(session.userId(), going);
    List<Long> times = new ArrayList<>();
    long begin = System.nanoTime();
    do {
      for (int i = 0; i < 100; i++) {
        times.add(read(persona));
      }
    } while (one(left).equals("t"));
    return Load.of(times, Duration.ofNanos(System.nanoTime() - begin));
  }

  private Load reads(long persona, Duration time) {
    List<Long> times = new ArrayList<>();
    long end = System.nanoTime() + time.toNanos();
    while (System.nanoTime() < end) {
      times.add(read(persona));
    }
    return Load.of(times, time);
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

  private void note(String what, Load load) {
    say("%s: %.0f/s, %s".formatted(what, load.perSecond(), load.times()));
    rows.add(
        Map.of(
            "what", what,
            "per_second", load.perSecond(),
            "p50_ms", load.p50(),
            "p99_ms", load.p99()));
  }

  private void noteRatio(String what, List<Double> ratios) {
    say(
        "%s: %.2f x (median of %s)"
            .formatted(
                what,
                Figures.median(ratios),
                ratios.stream().sorted().map("%.2f"::formatted).toList()));
    rows.add(Map.of("what", what, "ratio", Figures.median(ratios)));
  }

  private static void say(String line) {
    System.out.println(line);
  }
}
