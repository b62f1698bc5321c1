package io.mybella.memory;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.ServiceProcess;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.local.parts.FreePort;
import io.mybella.local.parts.PostgresPart;
import io.mybella.local.settings.Setting;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What one caller asks for, however much and however slowly, costs the others nothing. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class BoundedMemoryIT {

  private static final Logger log = LoggerFactory.getLogger(BoundedMemoryIT.class);
  private static final long GREEDY = 1;
  private static final long OTHER = 2;
  private static final long TALKATIVE = 3;
  private static final long PARTING = 4;
  private static final long SLOW = 5;
  private static final long LONG_WINDED = 6;

  /** Requests of one caller that are served at a time. */
  private static final int PLACES = 64;

  private static final String HISTORY = "/api/personas/7/messages";
  private static final String CONTEXT = "/api/personas/7/memory/context";
  private static final String EXPORT = "/api/personas/7/memory/export";
  private static final String STATS = "/api/personas/7/memory/stats";

  /** More than the heap of 192 MiB holds, however many messages it is. */
  private static final long LONG_HISTORY = 204_000_000;

  /** As many of the longest messages are more than the heap holds, too. */
  private static final int LONG_CONVERSATION = (int) (LONG_HISTORY / 32_000);

  private static final int MESSAGES = Integer.getInteger("forgotten.messages", 20_000);

  private final HttpClient http = HttpClient.newHttpClient();
  private final PostgresPart.Database database = PlatformParts.freshDatabase("memory");
  private ServiceProcess service;

  @BeforeAll
  void fill(@TempDir Path folder) throws Exception {
    service =
        ServiceProcess.start(
            MemoryServiceApplication.class,
            Setting.MYBELLA_MEMORY_HEAP.defaultValue(),
            database,
            PlatformParts.kafka(),
            folder,
            "--mybella.services.persona-url=http://127.0.0.1:" + FreePort.find());
    changeAnyRow(
        "INSERT INTO known_persona VALUES (7, NULL, true, 1), (8, NULL, true, 1)",
        "INSERT INTO persona_memory (user_id, persona_id) VALUES (1, 7), (2, 7), (3, 7), (4, 8),"
            + " (5, 7), (6, 7)",
        said(GREEDY, 7, "repeat('🙂', 32000)", 200),
        said(OTHER, 7, "'hello ' || n", 50),
        said(TALKATIVE, 7, "repeat('x', %d)".formatted(LONG_HISTORY / MESSAGES), MESSAGES),
        said(PARTING, 8, "repeat('🙂', 32000)", 200),
        said(SLOW, 7, "repeat('🙂', 32000)", 200),
        // Blanks weigh as much as words and are indexed in no time.
        said(LONG_WINDED, 7, "rpad('We talk of the lighthouse 灯台. ', 32000)", LONG_CONVERSATION),
        // The newest are as hard as can be: no word comes twice, but for two.
        said(
            LONG_WINDED,
            7,
            "'The lighthouse and the harbour: ' || (SELECT string_agg('w' || left(md5(n || '-' ||"
                + " m), 5), ' ') FROM generate_series(1, 1000) AS m)",
            500));
  }

  @AfterEach
  void itStillRunsAndServesTheOthers() throws Exception {
    assertOthersAreServed();
    assertThat(service.runs()).isTrue();
  }

  @AfterAll
  void end() {
    service.close();
  }

  @Test
  void slowReadersOfLargePagesHoldNeitherTheHeapNorADatabaseConnection() throws Exception {
    List<Socket> readers = new ArrayList<>();
    try {
      for (int i = 0; i < 60; i++) {
        Socket reader = ask(GREEDY, i % 2 == 0 ? HISTORY + "?limit=200" : CONTEXT + "?limit=100");
        readers.add(reader);
        assertThat(line(reader.getInputStream())).startsWith("HTTP/1.1 200");
      }
      assertOthersAreServed();
      for (Socket reader : readers) {
        assertThat(contents(reader)).hasSizeBetween(1, 3).allSatisfy(this::assertFullSize);
      }
    } finally {
      closeAll(readers);
    }
  }

  @Test
  void slowReadersOfExportsHoldNothingAndThoseWhoLeaveEndThem() throws Exception {
    List<Socket> readers = new ArrayList<>();
    try {
      assertThat(exportsBegun(readers)).isEqualTo(PLACES);
      assertThat(status(SLOW, CONTEXT)).as("all places are taken").isEqualTo(429);
      assertOthersAreServed();
      for (Socket reader : readers.subList(PLACES - 2, PLACES)) {
        assertThat(exported(reader)).hasSize(200).allSatisfy(this::assertFullSize);
      }
    } finally {
      closeAll(readers);
    }
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              List<Socket> again = new ArrayList<>();
              try {
                return exportsBegun(again) == PLACES;
              } finally {
                closeAll(again);
              }
            });
  }

  /** How many of as many exports as one caller may have at a time are begun; none is read. */
  private int exportsBegun(List<Socket> readers) throws IOException {
    int begun = 0;
    for (int i = 0; i < PLACES; i++) {
      Socket reader = ask(SLOW, EXPORT);
      readers.add(reader);
      begun += line(reader.getInputStream()).startsWith("HTTP/1.1 200") ? 1 : 0;
    }
    return begun;
  }

  /** The log tells the times, which stand in decision 38. */
  @Test
  void aHistoryThatIsLongerThanTheHeapIsExportedAndCounted() throws Exception {
    long start = System.nanoTime();
    HttpResponse<Stream<String>> export =
        http.send(get(TALKATIVE, EXPORT).build(), HttpResponse.BodyHandlers.ofLines());
    assertThat(export.statusCode()).isEqualTo(200);
    long[] texts = {0, 0};
    try (Stream<String> lines = export.body()) {
      lines.forEach(
          line -> {
            texts[0]++;
            texts[1] += JsonMapper.shared().readTree(line).get("content").asString().length();
          });
    }
    assertThat(texts).containsExactly(MESSAGES, LONG_HISTORY);
    long exported = System.nanoTime();
    HttpResponse<String> stats =
        http.send(get(TALKATIVE, STATS).build(), HttpResponse.BodyHandlers.ofString());
    assertThat(stats.body())
        .startsWith("{\"messages\":" + MESSAGES)
        .contains("\"bytes\":" + LONG_HISTORY);
    log.info(
        "{} messages of {} bytes: exported in {} ms, counted in {} ms",
        MESSAGES,
        LONG_HISTORY,
        Duration.ofNanos(exported - start).toMillis(),
        Duration.ofNanos(System.nanoTime() - exported).toMillis());
  }

  /** One conversation of all messages; the log tells the time, which stands in decision 39. */
  @Test
  void aConversationThatIsLongerThanTheHeapIsUnderstood() throws Exception {
    changeAnyRow(
        """
        WITH one AS (
          INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at, ended_at,
            message_count, first_message_id, last_message_id)
          SELECT 6, 7, uuidv7(), now(), now(), now(), count(*), min(id::text)::uuid, max(id::text)::uuid
          FROM chat_message WHERE user_id = 6 RETURNING id),
        moved AS (UPDATE chat_message SET conversation_id = one.id FROM one WHERE user_id = 6)
        INSERT INTO memory_work (user_id, persona_id, kind, due_at, next_at)
        VALUES (6, 7, 'conversations', now(), now())
        """);
    long asked = System.nanoTime();
    await()
        .atMost(Duration.ofSeconds(60))
        .until(
            () -> {
              JsonNode conversation =
                  JsonMapper.shared()
                      .readTree(
                          http.send(
                                  get(LONG_WINDED, "/api/personas/7/memory/conversations").build(),
                                  HttpResponse.BodyHandlers.ofString())
                              .body())
                      .at("/conversations/0");
              return conversation.path("title").asString("").contains("ighthouse");
            });
    log.info(
        "A conversation of {} messages of 32,000 characters: understood in {} ms",
        LONG_CONVERSATION,
        Duration.ofNanos(System.nanoTime() - asked).toMillis());
  }

  /** The persona is gone meanwhile; a database that is away has the same effect. */
  @Test
  void anExportThatCannotBeFinishedDoesNotEndAsIfItWere() throws Exception {
    try (Socket reader = ask(PARTING, "/api/personas/8/memory/export")) {
      InputStream in = reader.getInputStream();
      assertThat(line(in)).startsWith("HTTP/1.1 200");
      changeAnyRow("UPDATE known_persona SET owner_user_id = 4711 WHERE persona_id = 8");
      String rest = untilItBreaks(in);
      assertThat(rest).contains("{\"type\":\"message\"").doesNotContain("\"request_id\"");
      assertThat(rest).doesNotEndWith("\r\n0\r\n\r\n");
    }
  }

  @Test
  void deepAndWideMetadataAreRefusedAtOnce() throws Exception {
    String wide = "{\"k\":[" + "{},".repeat(160_000) + "{}]}";
    String deep = "{\"a\":".repeat(64) + "{}" + "}".repeat(64);
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 4).mapToObj(i -> append(i % 2 == 0 ? wide : deep)).toList();
    for (CompletableFuture<HttpResponse<String>> each : answers) {
      assertThat(each.get().statusCode()).isEqualTo(400);
    }
  }

  @Test
  void manyLargeBatchesAtOnceAreStoredOrToldToComeBack() throws Exception {
    String message = "{\"role\":\"user\",\"content\":\"" + "x".repeat(31_999) + "€\"}";
    String batch = "{\"messages\":[" + String.join(",", Collections.nCopies(65, message)) + "]}";
    List<CompletableFuture<HttpResponse<String>>> answers =
        IntStream.range(0, 24).mapToObj(_ -> post(HISTORY + "/batch", batch)).toList();
    List<Integer> statuses = new ArrayList<>();
    for (CompletableFuture<HttpResponse<String>> each : answers) {
      statuses.add(each.get().statusCode());
    }
    assertThat(statuses).contains(201).allMatch(status -> status == 201 || status == 503);
  }

  @Test
  void bodiesThatDoNotEndHoldNoDatabaseConnection() throws Exception {
    List<Socket> writers = new ArrayList<>();
    try {
      for (int i = 0; i < 40; i++) {
        Socket writer = connect();
        writers.add(writer);
        send(
            writer,
            "POST "
                + HISTORY
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nAuthorization: "
                + TestTokens.bearer(GREEDY)
                + "\r\nContent-Length: 100\r\n\r\n{\"role\":");
      }
      assertOthersAreServed();
    } finally {
      closeAll(writers);
    }
  }

  /** Past every policy. */
  private void changeAnyRow(String... statements) throws SQLException {
    String url = database.jdbcUrl();
    String name = url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
    try (Connection connection = PlatformParts.postgres().superuser(name)) {
      JdbcClient db = JdbcClient.create(new SingleConnectionDataSource(connection, true));
      for (String each : statements) {
        db.sql(each).update();
      }
    }
  }

  private void assertOthersAreServed() throws Exception {
    for (int i = 0; i < 5; i++) {
      HttpResponse<String> page =
          http.send(get(OTHER, HISTORY).build(), HttpResponse.BodyHandlers.ofString());
      assertThat(page.statusCode()).as(page.body()).isEqualTo(200);
      assertThat(JsonMapper.shared().readTree(page.body()).get("messages")).hasSize(50);
    }
  }

  private void assertFullSize(JsonNode message) {
    String content = message.get("content").asString();
    assertThat(content.codePointCount(0, content.length())).isEqualTo(32_000);
  }

  private int status(long user, String path) throws IOException, InterruptedException {
    return http.send(get(user, path).build(), HttpResponse.BodyHandlers.discarding()).statusCode();
  }

  private CompletableFuture<HttpResponse<String>> append(String metadata) {
    return post(HISTORY, "{\"role\":\"user\",\"content\":\"x\",\"metadata\":" + metadata + "}");
  }

  private CompletableFuture<HttpResponse<String>> post(String path, String body) {
    return http.sendAsync(
        get(GREEDY, path)
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString(body))
            .build(),
        HttpResponse.BodyHandlers.ofString());
  }

  private HttpRequest.Builder get(long user, String path) {
    return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + service.port() + path))
        .timeout(Duration.ofSeconds(20))
        .header("Authorization", TestTokens.bearer(user));
  }

  /** Asks, and reads nothing of the answer yet. */
  private Socket ask(long user, String path) throws IOException {
    Socket socket = connect();
    send(
        socket,
        "GET "
            + path
            + " HTTP/1.1\r\nHost: x\r\nConnection: close\r\nAuthorization: "
            + TestTokens.bearer(user)
            + "\r\n\r\n");
    return socket;
  }

  private Socket connect() throws IOException {
    var socket = new Socket();
    // As little as possible is taken in advance.
    socket.setReceiveBufferSize(2_048);
    socket.setSoTimeout(60_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), service.port()));
    return socket;
  }

  private static void send(Socket socket, String text) throws IOException {
    OutputStream out = socket.getOutputStream();
    out.write(text.getBytes(UTF_8));
    out.flush();
  }

  private static String line(InputStream in) throws IOException {
    var line = new StringBuilder();
    for (int next = in.read(); next >= 0 && next != '\n'; next = in.read()) {
      line.append((char) next);
    }
    return line.toString();
  }

  private static List<JsonNode> contents(Socket reader) throws IOException {
    return JsonMapper.shared().readTree(body(reader)).get("messages").valueStream().toList();
  }

  private static List<JsonNode> exported(Socket reader) throws IOException {
    return new String(body(reader), UTF_8).lines().map(JsonMapper.shared()::readTree).toList();
  }

  /** Reads what comes until the connection is closed, in whatever way. */
  private static String untilItBreaks(InputStream in) throws IOException {
    var read = new ByteArrayOutputStream();
    byte[] buffer = new byte[8_192];
    try {
      for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
        read.write(buffer, 0, count);
      }
    } catch (SocketException reset) {
      assertThat(reset).hasMessageContaining("reset");
    }
    return read.toString(UTF_8);
  }

  /** Reads the rest of an answer whose chunks are as they come. */
  private static byte[] body(Socket reader) throws IOException {
    InputStream in = reader.getInputStream();
    while (!line(in).isBlank()) {
      // Headers.
    }
    var body = new ByteArrayOutputStream();
    for (int size = chunk(in); size > 0; size = chunk(in)) {
      body.write(in.readNBytes(size));
      line(in);
    }
    return body.toByteArray();
  }

  private static int chunk(InputStream in) throws IOException {
    return Integer.parseInt(line(in).strip(), 16);
  }

  private static void closeAll(List<Socket> sockets) throws IOException {
    for (Socket each : sockets) {
      each.close();
    }
  }

  private static String said(long user, long persona, String content, int messages) {
    return """
    INSERT INTO chat_message (user_id, persona_id, id, conversation_id, role, content, created_at)
    SELECT %d, %d, uuidv7(), uuidv7(), 'user', %s, now() FROM generate_series(1, %d) AS n
    """
        .formatted(user, persona, content, messages);
  }
}
