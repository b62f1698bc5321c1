package io.mybella.operator.doctor;

import io.mybella.operator.doctor.Installation.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Whether ElevenLabs takes the key, what is left of the plan, and which voices of personas it has
 * no more.
 */
final class ElevenLabsCheck implements Check {

  private static final JsonMapper JSON = JsonMapper.shared();
  private static final double NEARLY = 0.9;

  /** More voices than any plan has, at a hundred a page. */
  private static final int MOST_PAGES = 50;

  private static final String CHOSEN =
      "select distinct voice_id from persona where voice_id is not null and deleted_at is null"
          + " order by voice_id limit 10000";

  private final Installation installation;

  ElevenLabsCheck(Installation installation) {
    this.installation = installation;
  }

  @Override
  public String name() {
    return "elevenlabs";
  }

  @Override
  public List<Finding> look() throws InterruptedException {
    Optional<Endpoint> account = installation.elevenLabs();
    if (account.isEmpty()) {
      return List.of(about("").skipped("no key is set: the default voice speaks"));
    }
    try (HttpClient client = Web.client().build()) {
      HttpResponse<String> plan = ask(client, account.get(), "/v1/user/subscription");
      if (plan.statusCode() == 401 || plan.statusCode() == 403) {
        return List.of(
            about("key")
                .failed(
                    "is refused (%d)".formatted(plan.statusCode()),
                    "Set MYBELLA_ELEVENLABS_API_KEY to a key of your account, with the rights for"
                        + " voices, speech and the user, and start voice-service again."));
      }
      if (plan.statusCode() != 200) {
        return List.of(
            about("")
                .failed(
                    "answers " + plan.statusCode(), "docs/operations.md, MyBellaElevenLabsAway."));
      }
      return List.of(
          about("key").ok("is accepted"),
          plan(JSON.readTree(plan.body())),
          voices(client, account.get()));
    } catch (IOException | JacksonException e) {
      return List.of(about("").failed(Reasons.of(e), "docs/operations.md, MyBellaElevenLabsAway."));
    }
  }

  private Finding plan(JsonNode plan) {
    Finding.About about = about("plan");
    long used = plan.path("character_count").asLong(0);
    long limit = plan.path("character_limit").asLong(0);
    String result =
        "%s: %,d of %,d characters are used"
            .formatted(plan.path("tier").asString("unknown"), used, limit);
    if (used >= limit) {
      return about.failed(
          result,
          "Nothing more is spoken by ElevenLabs until the plan begins anew: take a larger one."
              + " Meanwhile the default voice speaks.");
    }
    return used > NEARLY * limit
        ? about.warning(result, "Soon the default voice speaks instead: take a larger plan.")
        : about.ok(result);
  }

  private Finding voices(HttpClient client, Endpoint account)
      throws IOException, InterruptedException {
    Finding.About about = about("voices");
    try {
      Set<String> gone = new TreeSet<>(chosen());
      int all = gone.size();
      gone.removeAll(offered(client, account));
      return gone.isEmpty()
          ? about.ok("all %d that personas have chosen are there".formatted(all))
          : about.warning(
              "the account has no more: " + String.join(", ", gone),
              "Personas with these speak with the default voice: give them another one, or add the"
                  + " voices to the account again.");
    } catch (SQLException e) {
      return about.skipped("which voices personas have chosen is unknown: " + Reasons.of(e));
    }
  }

  private Set<String> chosen() throws SQLException {
    try (Connection connection = Databases.connect(installation.login(Part.PERSONA));
        Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(CHOSEN)) {
      Set<String> voices = new HashSet<>();
      while (rows.next()) {
        voices.add(rows.getString(1));
      }
      return voices;
    }
  }

  private static Set<String> offered(HttpClient client, Endpoint account)
      throws IOException, InterruptedException {
    Set<String> voices = new HashSet<>();
    String page = "";
    for (int number = 0; number < MOST_PAGES; number++) {
      HttpResponse<String> answer = ask(client, account, "/v2/voices?page_size=100" + page);
      if (answer.statusCode() != 200) {
        throw new IOException("the list of voices answers " + answer.statusCode());
      }
      JsonNode body = JSON.readTree(answer.body());
      body.path("voices").forEach(voice -> voices.add(voice.path("voice_id").asString("")));
      String next = body.path("next_page_token").asString("");
      if (next.isEmpty()) {
        return voices;
      }
      page = "&next_page_token=" + URLEncoder.encode(next, StandardCharsets.UTF_8);
    }
    return voices;
  }

  private static HttpResponse<String> ask(HttpClient client, Endpoint account, String path)
      throws IOException, InterruptedException {
    URI address = account.at(path);
    return Web.get(client, address, Map.of("xi-api-key", account.key()));
  }
}
