package io.mybella.persona.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.PersonaServiceTest;
import io.mybella.persona.testing.Pictures;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** How many personas one user may have, and what a list of that many costs. */
class QuotaIT extends PersonaServiceTest {

  private static final int BUILT_IN = 6;

  @Autowired private CatalogProperties settings;

  @Test
  void ofManyWhoMakeTheLastPersonaAtOnceOneMakesIt() throws Exception {
    PersonaApi user = newUser();
    has(user, settings.maxPersonas() - 1, "");
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var creations =
          IntStream.range(0, 12)
              .<Callable<Answer>>mapToObj(
                  i -> () -> user.postJson("/api/personas/create", Map.of("name", "Last " + i)))
              .toList();
      List<Answer> answers =
          threads.invokeAll(creations).stream().map(each -> each.resultNow()).toList();
      assertThat(answers).extracting(Answer::status).containsOnlyOnce(201).containsOnly(201, 409);
    }

    Answer refused =
        user.multipart(
            HttpMethod.POST,
            "/api/personas/create",
            Map.of("name", "One more"),
            Pictures.of("png", 40, 40),
            "me.png");
    assertThat(refused.status()).isEqualTo(409);
    assertThat(refused.error()).contains("at most 500 personas");
    user.delete("/api/personas/" + own(user).getFirst());
    assertThat(user.create("One more")).isPositive();
  }

  @Test
  void whoHasMoreKeepsThem() {
    PersonaApi user = newUser();
    has(user, settings.maxPersonas() + 5, "");
    List<Long> own = own(user);

    assertThat(own).hasSize(settings.maxPersonas() + 5);
    assertThat(user.putJson("/api/personas/" + own.getLast(), Map.of("tagline", "x")).status())
        .isEqualTo(200);
    assertThat(user.postJson("/api/personas/create", Map.of("name", "New")).status())
        .isEqualTo(409);
  }

  @Test
  void aListOfManyMegabytesIsWholeAndInOrder() {
    PersonaApi user = newUser();
    has(user, 60, "🎈".repeat(1000));
    long current = own(user).getLast();
    user.postJson("/api/personas/switch", Map.of("persona_id", current));

    Answer answer = user.get("/api/personas/available");

    List<JsonNode> personas = answer.json().valueStream().toList();
    assertThat(personas).hasSize(BUILT_IN + 60);
    assertThat(personas)
        .extracting(each -> each.get("id").asLong())
        .isSorted()
        .startsWith(1L, 2L, 3L, 4L, 5L, 6L);
    assertThat(personas.subList(BUILT_IN, personas.size()))
        .allSatisfy(
            each -> {
              assertThat(each.get("description").asString()).isEqualTo("🎈".repeat(1000));
              assertThat(each).isEqualTo(user.get("/api/personas/" + each.get("id")).json());
            });
    assertThat(user.currentIds()).containsExactly(current);
    assertThat(user.get("/api/personas/available", Map.of("If-None-Match", answer.eTag())).status())
        .isEqualTo(304);
  }

  private void has(PersonaApi user, int personas, String description) {
    database.update(
        """
        insert into persona
          (owner_user_id, name, display_name, description, created_at, updated_at)
        select ?, 'p' || n, 'p' || n, ?, now(), now() from generate_series(1, ?) as n
        """,
        user.userId(),
        description,
        personas);
  }

  private static List<Long> own(PersonaApi user) {
    return user.get("/api/personas/available")
        .json()
        .valueStream()
        .filter(each -> each.get("is_custom").asBoolean())
        .map(each -> each.get("id").asLong())
        .toList();
  }
}
