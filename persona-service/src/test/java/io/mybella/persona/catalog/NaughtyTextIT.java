package io.mybella.persona.catalog;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.NaughtyStrings;
import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.PersonaServiceTest;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.springframework.http.HttpMethod;
import tools.jackson.databind.JsonNode;

/** Whatever people write is kept as they wrote it, blanks around it aside, or refused. */
class NaughtyTextIT extends PersonaServiceTest {

  @Test
  void everyTextComesBackAsItWentInOrIsRefused() {
    PersonaApi user = newUser();
    int taken = 0;
    for (String text : NaughtyStrings.ALL) {
      Map<String, String> written =
          Map.of("name", text, "description", text, "personality_traits", text, "tagline", text);
      List<Supplier<Answer>> ways =
          List.of(
              () -> user.postJson("/api/personas/create", written),
              () -> user.form(HttpMethod.POST, "/api/personas/create", written),
              () -> user.multipart(HttpMethod.POST, "/api/personas/create", written));
      for (Supplier<Answer> way : ways) {
        Answer answer = way.get();
        if (answer.status() == 400) {
          continue;
        }
        assertThat(answer.status()).as(text).isEqualTo(201);
        taken++;
        long id = answer.json().at("/persona/id").asLong();
        JsonNode kept = user.get("/api/personas/" + id).json();
        written.forEach(
            (field, value) ->
                assertThat(kept.get(field).asString()).as(field).isEqualTo(value.strip()));
        assertThat(user.delete("/api/personas/" + id).status()).isEqualTo(200);
      }
    }
    assertThat(taken).as("few are refused").isGreaterThan(3 * NaughtyStrings.ALL.size() - 30);
  }

  @Test
  void whatIsNoTextIsRefusedInEveryField() {
    PersonaApi user = newUser();
    for (String text : NaughtyStrings.NOT_TEXT) {
      for (ProfileField field : ProfileField.values()) {
        String body =
            field == ProfileField.NAME
                ? "{\"name\":\"%s\"}".formatted(text)
                : "{\"name\":\"x\",\"%s\":\"%s\"}".formatted(field.wireName(), text);
        assertThat(user.postJson("/api/personas/create", body).status()).as(body).isEqualTo(400);
      }
    }
    assertThat(user.get("/api/personas/available").json()).hasSize(6);
  }
}
