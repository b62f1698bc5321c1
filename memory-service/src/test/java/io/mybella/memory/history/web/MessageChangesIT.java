package io.mybella.memory.history.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** Single messages are changed and removed, and nothing of them stays. */
class MessageChangesIT extends MemoryServiceTest {

  @Test
  void anEditChangesTheTextAloneAndSaysWhen() {
    PairId pair = newPair();
    say(pair, "before");
    Map<String, Object> said = say(pair, "my password is secret");
    say(pair, "after");

    Map<String, Object> edited =
        answer(edit(pair, said.get("id"), "my password is 🙂").expectStatus().isOk());

    assertThat(edited).containsEntry("content", "my password is 🙂");
    assertThat(edited.get("edited_at")).isNotNull();
    assertThat(without(edited, "content", "edited_at"))
        .isEqualTo(without(said, "content", "edited_at"));
    assertThat(texts(pair)).containsExactly("before", "my password is 🙂", "after");
    assertThat(messagesOf(page(pair, 50, null)).get(1)).isEqualTo(edited);
    assertThat(rows("chat_message", "content LIKE '%secret%'")).isZero();
  }

  @Test
  void aTextThatWasChangedIsStillKnownByItsKey() {
    PairId pair = newPair();
    String body = "{\"role\":\"user\",\"content\":\"%s\",\"client_message_id\":\"c\"}";
    Object id = answer(append(pair, body.formatted("first")).expectStatus().isCreated()).get("id");
    edit(pair, id, "second").expectStatus().isOk();
    assertThat(answer(append(pair, body.formatted("first")).expectStatus().isOk()))
        .as("what was there cannot be compared any more")
        .containsEntry("content", "second");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "{}",
        "{\"content\":null}",
        "{\"content\":\"\"}",
        "{\"content\":\"\\u0000\"}",
        "[]",
        "",
        "{"
      })
  void whatIsNoTextIs400AndChangesNothing(String body) {
    PairId pair = newPair();
    Object id = say(pair, "as it was").get("id");
    as(pair.userId())
        .patch()
        .uri(messages(pair) + "/" + id)
        .contentType(MediaType.APPLICATION_JSON)
        .body(body)
        .exchange()
        .expectStatus()
        .isBadRequest();
    assertThat(texts(pair)).containsExactly("as it was");
  }

  @Test
  void whatIsNotThereOrElsewhereIs404AndChangesNothing() {
    PairId pair = newPair();
    PairId theirs = newPair();
    say(pair, "mine");
    Object foreign = say(theirs, "theirs").get("id");
    PairId persona = new PairId(pair.userId(), theirs.personaId());
    for (Object id : List.of(foreign, UUID.randomUUID())) {
      edit(pair, id, "x").expectStatus().isNotFound();
      delete(pair, "/" + id).expectStatus().isNotFound();
      delete(pair, "?from=" + id).expectStatus().isNotFound();
    }
    edit(persona, foreign, "x").expectStatus().isNotFound();
    delete(persona, "/" + foreign).expectStatus().isNotFound();
    delete(persona, "?from=" + foreign).expectStatus().isNotFound();
    PairId silent = newPair();
    edit(silent, foreign, "x").expectStatus().isNotFound();
    delete(silent, "?from=" + foreign).expectStatus().isNotFound();
    delete(pair, "/x").expectStatus().isBadRequest();
    delete(pair, "?from=x").expectStatus().isBadRequest();
    assertThat(texts(pair)).containsExactly("mine");
    assertThat(texts(theirs)).containsExactly("theirs");
  }

  @Test
  void aMessageIsRemovedAndItsConversationCountsWhatIsLeft() {
    PairId pair = newPair();
    Object first = say(pair, "first").get("id");
    Object second =
        answer(append(pair, "{\"role\":\"user\",\"content\":\"second\",\"tokens\":7}")).get("id");
    understand(pair);

    delete(pair, "/" + second).expectStatus().isNoContent();

    delete(pair, "/" + second).expectStatus().isNotFound();
    assertThat(texts(pair)).containsExactly("first");
    assertThat(rows("conversation", of(pair) + " AND message_count = 1 AND tokens_used = 0"))
        .isOne();
    assertThat(rows("conversation", of(pair) + " AND summary IS NULL AND key_topics = '{}'"))
        .as("what was derived from it is gone")
        .isOne();
    understand(pair);
    edit(pair, first, "other").expectStatus().isOk();
    assertThat(rows("conversation", of(pair) + " AND summary IS NULL")).isOne();
  }

  @Test
  void aConversationThatHasEndedGoesWithItsLastMessageAndAnOpenOneStays() {
    PairId pair = newPair();
    Object ended = say(pair, "long ago").get("id");
    asSuperuser(
        db ->
            db.sql("UPDATE conversation SET ended_at = last_message_at WHERE " + of(pair))
                .update());
    Object open = say(pair, "now").get("id");
    delete(pair, "/" + ended).expectStatus().isNoContent();
    assertThat(rows("conversation", of(pair))).isOne();
    delete(pair, "/" + open).expectStatus().isNoContent();
    assertThat(rows("conversation", of(pair) + " AND message_count = 0 AND ended_at IS NULL"))
        .isOne();
    say(pair, "still there");
    assertThat(rows("conversation", of(pair) + " AND message_count = 1")).isOne();
  }

  @Test
  void fromAMessageOnEverythingGoesAndIsSaidAnew() {
    PairId pair = newPair();
    say(pair, "hello");
    Object asked = say(pair, "what now?").get("id");
    Object replied = answer(reply(pair, asked, "that").expectStatus().isCreated()).get("id");
    say(pair, "no");

    delete(pair, "?from=" + replied).expectStatus().isNoContent();

    assertThat(texts(pair)).containsExactly("hello", "what now?");
    reply(pair, asked, "this").expectStatus().isCreated();
    assertThat(texts(pair)).containsExactly("hello", "what now?", "this");
    assertThat(rows("conversation", of(pair) + " AND message_count = 3")).isOne();
  }

  @Test
  void tooManyAtOnceAreLeftAsTheyAre() {
    PairId pair = newPair();
    Object first = say(pair, "first").get("id");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO chat_message
                      (user_id, persona_id, id, conversation_id, role, content, created_at)
                    SELECT user_id, persona_id, uuidv7(interval '1 hour' + n * interval '1 second'),
                      conversation_id, role, 'm' || n, now()
                    FROM chat_message, generate_series(1, 5000) n WHERE %s
                    """
                        .formatted(of(pair)))
                .update());
    delete(pair, "?from=" + first).expectStatus().isEqualTo(409);
    assertThat(rows("chat_message", of(pair))).isEqualTo(5_001);
    Object second = messagesOf(page(pair, 1, null)).getFirst().get("id");
    delete(pair, "?from=" + second).expectStatus().isNoContent();
    assertThat(rows("chat_message", of(pair))).isEqualTo(5_000);
    delete(pair, "?from=" + first).expectStatus().isNoContent();
    assertThat(rows("chat_message", of(pair))).isZero();
  }

  @Test
  void countsStayTrueWhileMessagesComeAndGo() throws Exception {
    PairId pair = newPair();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<?>> work = new ArrayList<>();
      for (int writer = 0; writer < 4; writer++) {
        boolean all = writer == 0;
        work.add(
            threads.submit(
                () -> {
                  for (int i = 0; i < 20; i++) {
                    Object id = say(pair, "m").get("id");
                    ResponseSpec gone = delete(pair, all ? "?from=" + id : "/" + id);
                    assertThat(gone.returnResult(Void.class).getStatus().value()).isIn(204, 404);
                    say(pair, "stays");
                  }
                }));
      }
      for (Future<?> each : work) {
        each.get();
      }
    }
    long left = rows("chat_message", of(pair));
    assertThat(rows("conversation", of(pair) + " AND message_count = " + left)).isOne();
  }

  private void understand(PairId pair) {
    asSuperuser(
        db ->
            db.sql(
                    "UPDATE conversation SET summary = 'of it', key_topics = '{it}' WHERE "
                        + of(pair))
                .update());
  }

  private ResponseSpec append(PairId pair, String body) {
    return as(pair.userId())
        .post()
        .uri(messages(pair))
        .contentType(MediaType.APPLICATION_JSON)
        .body(body)
        .exchange();
  }

  private ResponseSpec reply(PairId pair, Object to, String content) {
    return append(
        pair,
        "{\"role\":\"assistant\",\"content\":\"%s\",\"in_reply_to\":\"%s\"}"
            .formatted(content, to));
  }

  private ResponseSpec edit(PairId pair, Object id, String content) {
    return as(pair.userId())
        .patch()
        .uri(messages(pair) + "/" + id)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("content", content))
        .exchange();
  }

  private ResponseSpec delete(PairId pair, String rest) {
    return as(pair.userId()).delete().uri(URI.create(messages(pair) + rest)).exchange();
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private static List<Map<String, Object>> messagesOf(Map<String, Object> page) {
    return (List<Map<String, Object>>) Objects.requireNonNull(page.get("messages"));
  }

  private static Map<String, Object> without(Map<String, Object> message, String... names) {
    Map<String, Object> rest = new HashMap<>(message);
    rest.keySet().removeAll(List.of(names));
    return rest;
  }
}
