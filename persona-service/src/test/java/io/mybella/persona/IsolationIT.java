package io.mybella.persona;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.persona.testing.PersonaApi;
import io.mybella.persona.testing.PersonaApi.Answer;
import io.mybella.persona.testing.PersonaServiceTest;
import io.mybella.persona.testing.Pictures;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiFunction;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class IsolationIT extends PersonaServiceTest {

  /** Everything that can be asked of one persona. */
  private static final List<BiFunction<PersonaApi, Long, Answer>> REQUESTS =
      List.of(
          (user, id) -> user.get("/api/personas/" + id),
          (user, id) -> user.get("/api/personas/" + id + "/avatar"),
          (user, id) -> user.putJson("/api/personas/" + id, Map.of("name", "Mine")),
          (user, id) -> user.delete("/api/personas/" + id),
          (user, id) -> user.postJson("/api/personas/switch", Map.of("persona_id", id)));

  @Test
  void aForeignPersonaAnswersExactlyLikeAMissingOne() {
    PersonaApi owner = newUser();
    long foreign = owner.create("Private", Pictures.of("png", 20, 20));
    long missing = foreign + 1_000_000;
    for (PersonaApi stranger : List.of(newUser(), admin())) {
      for (var request : REQUESTS) {
        Answer toForeign = request.apply(stranger, foreign);
        Answer toMissing = request.apply(stranger, missing);
        assertThat(toForeign.status()).isEqualTo(404);
        assertThat(withoutRequest(toForeign)).isEqualTo(withoutRequest(toMissing));
      }
    }
    assertThat(owner.get("/api/personas/" + foreign).json().get("name").asString())
        .isEqualTo("Private");
  }

  @Test
  void aForeignErasureAnswersExactlyLikeAMissingOne() {
    PersonaApi owner = newUser();
    long id = owner.create("Private");
    String erasure = owner.delete("/api/personas/" + id).json().get("erasure_id").asString();
    PersonaApi stranger = newUser();

    Answer toForeign = stranger.get("/api/personas/erasures/" + erasure);
    Answer toMissing = stranger.get("/api/personas/erasures/" + UUID.randomUUID());

    assertThat(toForeign.status()).isEqualTo(404);
    assertThat(withoutRequest(toForeign)).isEqualTo(withoutRequest(toMissing));
  }

  @Test
  void whoIsNotSignedInSeesNothing() {
    PersonaApi nobody = anonymous();
    for (var request : REQUESTS) {
      assertThat(request.apply(nobody, 1L).status()).isEqualTo(401);
    }
    assertThat(nobody.get("/api/personas/available").status()).isEqualTo(401);
    assertThat(nobody.get("/api/personas/current").status()).isEqualTo(401);
    assertThat(nobody.postJson("/api/personas/create", Map.of("name", "x")).status())
        .isEqualTo(401);
    assertThat(nobody.get("/api/personas/erasures/" + UUID.randomUUID()).status()).isEqualTo(401);
  }

  @Test
  void nobodySeesThePersonasOfOthers() {
    newUser().create("Private");

    assertThat(newUser().get("/api/personas/available").json()).hasSize(6);
    assertThat(admin().get("/api/personas/available").json()).hasSize(6);
  }

  /** The body without what names the request itself. */
  private static ObjectNode withoutRequest(Answer answer) {
    ObjectNode body = (ObjectNode) answer.json();
    body.remove(List.of("request_id", "instance"));
    return body;
  }
}
