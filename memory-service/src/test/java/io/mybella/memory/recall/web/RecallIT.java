package io.mybella.memory.recall.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.NaughtyStrings;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.KnownPersona;
import io.mybella.memory.persona.KnownPersonas;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;
import org.springframework.web.util.UriComponentsBuilder;

/** What was said is recalled for a question, to nobody but those who said it. */
class RecallIT extends MemoryServiceTest {

  @Autowired private KnownPersonas known;

  @Test
  void whatBearsMostOnAQuestionComesFirst() {
    PairId pair = newPair();
    say(pair, "I adopted a grey cat from the shelter, she is called Minka.");
    say(pair, "My brother plays the trombone in a brass band.");
    say(pair, "We went hiking in the Harz mountains and it rained all day.");

    assertThat(texts(recall(pair, "What is the name of my cat?")).getFirst())
        .isEqualTo("I adopted a grey cat from the shelter, she is called Minka.");
    assertThat(texts(recall(pair, "Which instruments does my brother play?")).getFirst())
        .isEqualTo("My brother plays the trombone in a brass band.");
    assertThat(texts(recall(pair, "trombone", "limit", "1"))).hasSize(1);
  }

  @Test
  void theOnlyMessageIsRecalledWhenItBearsOnTheQuestion() {
    PairId pair = newPair();
    say(pair, "My aunt cooks quince jelly.");
    assertThat(texts(recall(pair, "jelly"))).containsExactly("My aunt cooks quince jelly.");
    assertThat(texts(recall(pair, "uncle"))).isEmpty();
  }

  @Test
  void whatWasAddedSinceIsRecalledToo() {
    PairId pair = newPair();
    assertThat(texts(recall(pair, "quince jelly"))).isEmpty();
    say(pair, "Hello, nice to meet you.");
    assertThat(texts(recall(pair, "quince jelly"))).isEmpty();
    say(pair, "My aunt cooks quince jelly every October.");
    assertThat(texts(recall(pair, "quince jelly")).getFirst())
        .isEqualTo("My aunt cooks quince jelly every October.");
    batch(pair, "Long ago I burnt the quince jelly.", "2020-10-05T10:00:00Z");
    assertThat(texts(recall(pair, "burnt quince jelly")).getFirst())
        .isEqualTo("Long ago I burnt the quince jelly.");
  }

  @Test
  void neighboursAndReasonsAreGivenOnRequest() {
    PairId pair = newPair();
    say(pair, "Tell me, what do you do at the weekend?");
    say(pair, "I repair old bicycles.");
    say(pair, "That must be fun.");

    Map<String, Object> plain = recalled(recall(pair, "bicycles")).getFirst();
    assertThat(plain).doesNotContainKeys("context", "reasons");

    Map<String, Object> hit =
        recalled(recall(pair, "bicycles", "with", "context,reasons")).getFirst();
    assertThat(hit).containsEntry("content", "I repair old bicycles.");
    assertThat(hit.get("context"))
        .asInstanceOf(org.assertj.core.api.InstanceOfAssertFactories.MAP)
        .hasEntrySatisfying("before", before -> assertThat(before.toString()).contains("weekend"))
        .hasEntrySatisfying("after", after -> assertThat(after.toString()).contains("fun"));
    Map<?, ?> reasons = (Map<?, ?>) Objects.requireNonNull(hit.get("reasons"));
    assertThat(reasons.get("words")).isEqualTo(1.0);
    assertThat(reasons.values().stream().mapToDouble(each -> (Double) each).sum())
        .isCloseTo((Double) hit.get("score"), org.assertj.core.data.Offset.offset(1e-4));
  }

  @Test
  void theUserIsMeantByTheNameThatTheyHaveToldAndThePersonaByItsOwn() {
    PairId pair = new PairId(newId(), newId());
    known.learn(new KnownPersona(pair.personaId(), pair.userId(), true, 1, "Isabella"));
    say(pair, "Remember that my name is Ann");
    say(pair, "My favourite fruit is the quince.");
    append(pair, "assistant", "My favourite fruit is the plum.");
    assertThat(texts(recall(pair, "Which fruit is the favourite of Ann?")).getFirst())
        .isEqualTo("My favourite fruit is the quince.");
    assertThat(texts(recall(pair, "Which fruit is the favourite of Isabella?")).getFirst())
        .isEqualTo("My favourite fruit is the plum.");
  }

  @Test
  void nothingIsRecalledOfOthers() {
    long everybodys = systemPersona();
    PairId mine = new PairId(newId(), everybodys);
    PairId yours = new PairId(newId(), everybodys);
    say(yours, "My canary is called Pip.");
    say(mine, "Hello.");
    assertThat(texts(recall(mine, "What is my canary called?"))).isEmpty();
    get(new PairId(mine.userId(), newPair().personaId()), "canary").expectStatus().isNotFound();
  }

  @Test
  void noTextIsAnError() {
    PairId pair = newPair();
    NaughtyStrings.ALL.forEach(text -> say(pair, text));
    for (String text : NaughtyStrings.ALL) {
      get(pair, text, "with", "context").expectStatus().isOk();
    }
    get(pair, "word ".repeat(1_600)).expectStatus().isOk();
    get(pair, "").expectStatus().isBadRequest();
    get(pair, "x", "limit", "0").expectStatus().isBadRequest();
    get(pair, "x", "limit", "51").expectStatus().isBadRequest();
    get(pair, "x", "with", "everything").expectStatus().isBadRequest();
  }

  private void append(PairId pair, String role, String content) {
    as(pair.userId())
        .post()
        .uri(messages(pair))
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("role", role, "content", content))
        .exchange()
        .expectStatus()
        .isCreated();
  }

  private Map<String, Object> recall(PairId pair, String question, String... more) {
    return answer(get(pair, question, more).expectStatus().isOk());
  }

  private ResponseSpec get(PairId pair, String question, String... more) {
    var uri =
        UriComponentsBuilder.fromPath("/api/personas/{id}/memory/recall").queryParam("q", "{q}");
    List<Object> values = new ArrayList<>(List.of(pair.personaId(), question));
    for (int i = 0; i < more.length; i += 2) {
      uri.queryParam(more[i], "{" + more[i] + "}");
      values.add(more[i + 1]);
    }
    return as(pair.userId()).get().uri(uri.build().toUriString(), values.toArray()).exchange();
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private static List<Map<String, Object>> recalled(Map<String, Object> answer) {
    return (List<Map<String, Object>>) Objects.requireNonNull(answer.get("messages"));
  }

  private void batch(PairId pair, String text, String time) {
    as(pair.userId())
        .post()
        .uri(messages(pair) + "/batch")
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            Map.of(
                "messages", List.of(Map.of("role", "user", "content", text, "created_at", time))))
        .exchange()
        .expectStatus()
        .isCreated();
  }
}
