package io.mybella.memory;

import com.github.tomakehurst.wiremock.WireMockServer;
import com.github.tomakehurst.wiremock.core.WireMockConfiguration;
import io.mybella.chassis.testing.PlatformParts;
import io.mybella.chassis.testing.PlatformTest;
import io.mybella.chassis.testing.TestTokens;
import io.mybella.memory.conversation.Switches;
import io.mybella.memory.conversation.Switches.Switch;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.KnownPersona;
import io.mybella.memory.persona.KnownPersonas;
import java.net.http.HttpClient;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.boot.test.web.server.LocalServerPort;
import org.springframework.core.env.Environment;
import org.springframework.http.MediaType;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.SingleConnectionDataSource;
import org.springframework.test.context.DynamicPropertyRegistry;
import org.springframework.test.context.DynamicPropertySource;
import org.springframework.test.web.servlet.client.RestTestClient;
import org.springframework.web.util.UriComponentsBuilder;

/**
 * The running service with a persona-service that is played by a local HTTP server. All tests share
 * it; each takes users and personas of its own.
 */
@PlatformTest(database = "memory")
public abstract class MemoryServiceTest {

  /** Plays persona-service; answers 404 to everything until a test says otherwise. */
  protected static final WireMockServer PERSONA_SERVICE =
      new WireMockServer(WireMockConfiguration.options().dynamicPort());

  private static final JdkClientHttpRequestFactory HTTP =
      new JdkClientHttpRequestFactory(HttpClient.newHttpClient());
  private static final AtomicLong IDS = new AtomicLong(1000);

  static {
    PERSONA_SERVICE.start();
  }

  @LocalServerPort private int port;
  @Autowired private KnownPersonas known;
  @Autowired private Switches switches;
  @Autowired private Environment environment;

  @DynamicPropertySource
  static void personaService(DynamicPropertyRegistry properties) {
    properties.add("mybella.services.persona-url", PERSONA_SERVICE::baseUrl);
  }

  /** An id that no other test uses. */
  protected static long newId() {
    return IDS.incrementAndGet();
  }

  /** A persona that a user has made. */
  protected long personaOf(long userId) {
    long personaId = newId();
    known.learn(new KnownPersona(personaId, userId, true, 1));
    return personaId;
  }

  /** A persona that everybody may use. */
  protected long systemPersona() {
    long personaId = newId();
    known.learn(new KnownPersona(personaId, null, true, 1));
    return personaId;
  }

  /** A new user with a new persona. */
  protected PairId newPair() {
    long userId = newId();
    return new PairId(userId, personaOf(userId));
  }

  /**
   * Has the user of a pair turn to its persona.
   *
   * @param version counts the user's switches
   */
  protected void switchTo(PairId pair, long version) {
    switches.take(List.of(new Switch(pair, version)));
  }

  /** Requests of a user. */
  protected RestTestClient as(long userId) {
    return asNobody().mutate().defaultHeader("Authorization", TestTokens.bearer(userId)).build();
  }

  /** Requests of nobody. */
  protected RestTestClient asNobody() {
    return RestTestClient.bindToServer(HTTP).baseUrl("http://127.0.0.1:" + port).build();
  }

  /** The path of a pair's messages. */
  protected static String messages(PairId pair) {
    return "/api/personas/" + pair.personaId() + "/messages";
  }

  /** Has a message stored that must be taken; returns it as it was answered. */
  protected Map<String, Object> say(PairId pair, String content) {
    return answer(
        as(pair.userId())
            .post()
            .uri(messages(pair))
            .contentType(MediaType.APPLICATION_JSON)
            .body(Map.of("role", "user", "content", content))
            .exchange()
            .expectStatus()
            .isCreated());
  }

  /** A page of the history. */
  protected Map<String, Object> page(PairId pair, int limit, String before) {
    var uri = UriComponentsBuilder.fromPath(messages(pair)).queryParam("limit", limit);
    if (before != null) {
      uri.queryParam("before", before);
    }
    return answer(
        as(pair.userId()).get().uri(uri.build().toUriString()).exchange().expectStatus().isOk());
  }

  /** The texts of the newest page. */
  protected List<Object> texts(PairId pair) {
    return texts(page(pair, 200, null));
  }

  /** The texts of a page. */
  @SuppressWarnings("unchecked") // JSON is untyped
  protected static List<Object> texts(Map<String, Object> page) {
    return ((List<Map<String, Object>>) Objects.requireNonNull(page.get("messages")))
        .stream().map(each -> each.get("content")).toList();
  }

  /** The body of an answer. */
  @SuppressWarnings("unchecked") // JSON is untyped
  protected static Map<String, Object> answer(RestTestClient.ResponseSpec response) {
    return Objects.requireNonNull(response.expectBody(Map.class).returnResult().getResponseBody());
  }

  /** The database past every policy, as its superuser sees it. */
  protected <T> T asSuperuser(SqlWork<T> work) {
    String url = environment.getRequiredProperty("spring.datasource.url");
    String database = url.substring(url.lastIndexOf('/') + 1).replaceAll("\\?.*", "");
    try (Connection connection = PlatformParts.postgres().superuser(database)) {
      return work.with(JdbcClient.create(new SingleConnectionDataSource(connection, true)));
    } catch (SQLException failed) {
      throw new IllegalStateException(failed);
    }
  }

  /** The number of rows that are really there. */
  protected long rows(String table, String condition) {
    return asSuperuser(
        db ->
            db.sql("SELECT count(*) FROM " + table + " WHERE " + condition)
                .query(Long.class)
                .single());
  }

  /** The condition that names a pair's rows. */
  protected static String of(PairId pair) {
    return "user_id = %d AND persona_id = %d".formatted(pair.userId(), pair.personaId());
  }

  /** What a test does in the database. */
  @FunctionalInterface
  protected interface SqlWork<T> {
    /** Does it. */
    T with(JdbcClient db) throws SQLException;
  }
}
