package io.mybella.memory.conversation.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** Users see the conversations they had, and nobody else's. */
class ConversationListIT extends MemoryServiceTest {

  @Test
  void aConversationIsShownWithAllThatIsKnownOfIt() {
    PairId pair = newPair();
    Object first = say(pair, "hello").get("id");
    Map<String, Object> open = list(pair, "").getFirst();
    assertThat(open)
        .containsOnlyKeys(
            "id",
            "title",
            "started_at",
            "last_message_at",
            "ended_at",
            "message_count",
            "tokens_used",
            "summary",
            "key_topics",
            "user_mood",
            "important_facts",
            "summarised_at",
            "messages_after")
        .containsEntry("message_count", 1)
        .containsEntry("title", null)
        .containsEntry("ended_at", null)
        .containsEntry("key_topics", List.of());
    asSuperuser(
        db ->
            db.sql(
                    """
                    UPDATE conversation SET title = 't', summary = 's', key_topics = '{a,b c}',
                      user_mood = 'glad', important_facts = '{f}', ended_at = last_message_at,
                      summarised_at = '2026-11-22T10:15:30Z', tokens_used = 7
                    WHERE %s
                    """
                        .formatted(of(pair)))
                .update());
    Map<String, Object> ended = one(pair, open.get("id"));
    assertThat(ended)
        .containsEntry("title", "t")
        .containsEntry("summary", "s")
        .containsEntry("key_topics", List.of("a", "b c"))
        .containsEntry("user_mood", "glad")
        .containsEntry("important_facts", List.of("f"))
        .containsEntry("summarised_at", "2026-11-22T10:15:30Z")
        .containsEntry("tokens_used", 7)
        .containsEntry("ended_at", ended.get("last_message_at"));
    assertThat(list(pair, "")).containsExactly(ended);
    assertThat(messagesAfter(pair, ended).getFirst())
        .containsEntry("id", first)
        .containsEntry("conversation_id", ended.get("id"));
  }

  @Test
  void theMessagesOfAConversationAreFoundAlsoWhenItsFirstIsGone() {
    PairId pair = newPair();
    bring(pair, "2024-01-01T10:00:00Z", "the one before");
    bring(pair, "2024-02-01T10:00:00Z", "gone", "stays");
    bring(pair, "2024-03-01T10:00:00Z", "the one after");
    Map<String, Object> middle = list(pair, "").get(1);
    List<Map<String, Object>> messages = messagesAfter(pair, middle);
    assertThat(messages).extracting(each -> each.get("content")).startsWith("gone", "stays");
    as(pair.userId())
        .delete()
        .uri(messages(pair) + "/" + messages.getFirst().get("id"))
        .exchange()
        .expectStatus()
        .isNoContent();
    assertThat(messagesAfter(pair, one(pair, middle.get("id"))))
        .extracting(each -> each.get("content"))
        .containsExactly("stays", "the one after");
  }

  @Test
  void pagesShowEachConversationOnceAndTheNewestFirst() {
    PairId pair = newPair();
    for (int i = 1; i <= 12; i++) {
      // In no order: ids tell when they were brought in.
      bring(pair, "2024-01-%02dT10:00:00Z".formatted(i * 7 % 13), "day " + i * 7 % 13);
    }
    List<Object> seen = new ArrayList<>();
    String cursor = "";
    do {
      Map<String, Object> page = page(pair, "?limit=5" + cursor);
      seen.addAll(started(page));
      Object next = page.get("next_before");
      cursor = next == null ? "" : "&before=" + next;
    } while (!cursor.isEmpty());
    assertThat(seen)
        .containsExactlyElementsOf(
            IntStream.rangeClosed(1, 12)
                .mapToObj(i -> "2024-01-%02dT10:00:00Z".formatted(13 - i))
                .toList());
  }

  @Test
  void conversationsThatBeganAtTheSameTimeAreAllShown() {
    PairId pair = newPair();
    say(pair, "hello");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO conversation (user_id, persona_id, id, started_at, last_message_at, ended_at)
                    SELECT %d, %d, uuidv7(), '2024-01-01Z', '2024-01-01Z', '2024-01-01Z'
                    FROM generate_series(1, 7)
                    """
                        .formatted(pair.userId(), pair.personaId()))
                .update());
    Map<String, Object> first = page(pair, "?limit=4");
    Map<String, Object> second = page(pair, "?limit=4&before=" + first.get("next_before"));
    assertThat(second.get("next_before")).isNull();
    var ids = new HashSet<Object>();
    conversations(first).forEach(each -> ids.add(each.get("id")));
    conversations(second).forEach(each -> ids.add(each.get("id")));
    assertThat(ids).hasSize(8);
  }

  @Test
  void nobodyElseSeesThemAndNothingThatIsForgottenIsSeen() {
    long everybodys = systemPersona();
    PairId mine = new PairId(newId(), everybodys);
    PairId yours = new PairId(newId(), everybodys);
    say(mine, "mine");
    say(yours, "yours");
    Object theirs = list(yours, "").getFirst().get("id");
    assertThat(list(mine, "")).extracting(each -> each.get("id")).doesNotContain(theirs);
    get(mine, "/" + theirs).expectStatus().isNotFound();
    get(mine, "/" + UUID.randomUUID()).expectStatus().isNotFound();
    PairId foreign = new PairId(mine.userId(), newPair().personaId());
    get(foreign, "").expectStatus().isNotFound();
    get(foreign, "/" + theirs).expectStatus().isNotFound();

    Object own = list(mine, "").getFirst().get("id");
    as(mine.userId()).delete().uri(messages(mine)).exchange().expectStatus().isNoContent();
    get(mine, "/" + own).expectStatus().isNotFound();
    assertThat(list(mine, "")).isEmpty();
    assertThat(list(yours, "")).hasSize(1);
    assertThat(list(newPair(), "")).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=0",
        "?limit=101",
        "?limit=x",
        "?before=x",
        "?before=",
        "/x",
        "/1-1-1-1-1x"
      })
  void badInputIsAProblem(String input) {
    PairId pair = newPair();
    say(pair, "hello");
    get(pair, input)
        .expectStatus()
        .isBadRequest()
        .expectHeader()
        .contentType(MediaType.APPLICATION_PROBLEM_JSON);
  }

  @Test
  void aCursorIsOfOneListOfOneHistory() {
    PairId pair = newPair();
    bring(pair, "2024-01-01T10:00:00Z", "one");
    bring(pair, "2024-02-01T10:00:00Z", "two");
    String cursor = page(pair, "?limit=1").get("next_before").toString();
    PairId other = newPair();
    get(other, "?before=" + cursor).expectStatus().isBadRequest();
    as(pair.userId())
        .get()
        .uri(messages(pair) + "?before=" + cursor)
        .exchange()
        .expectStatus()
        .isBadRequest();
    Object ofMessages = page(pair, 1, null).get("next_before");
    get(pair, "?before=" + ofMessages).expectStatus().isBadRequest();
    get(pair, "?before=" + io.mybella.memory.history.web.Cursor.write(pair, Long.MIN_VALUE, 1, 1))
        .expectStatus()
        .isOk();
    get(pair, "?before=" + io.mybella.memory.history.web.Cursor.write(pair, Long.MAX_VALUE, 1, 1))
        .expectStatus()
        .isOk();
  }

  private static List<Object> started(Map<String, Object> page) {
    return conversations(page).stream().map(each -> each.get("started_at")).toList();
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private static List<Map<String, Object>> conversations(Map<String, Object> page) {
    return (List<Map<String, Object>>) Objects.requireNonNull(page.get("conversations"));
  }

  private List<Map<String, Object>> list(PairId pair, String query) {
    return conversations(page(pair, query));
  }

  private Map<String, Object> page(PairId pair, String query) {
    return answer(get(pair, query).expectStatus().isOk());
  }

  private Map<String, Object> one(PairId pair, Object id) {
    return answer(get(pair, "/" + id).expectStatus().isOk());
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private List<Map<String, Object>> messagesAfter(PairId pair, Map<String, Object> conversation) {
    String uri = messages(pair) + "?after=" + conversation.get("messages_after");
    return (List<Map<String, Object>>)
        Objects.requireNonNull(
            answer(as(pair.userId()).get().uri(uri).exchange().expectStatus().isOk())
                .get("messages"));
  }

  private ResponseSpec get(PairId pair, String rest) {
    return as(pair.userId())
        .get()
        .uri("/api/personas/" + pair.personaId() + "/memory/conversations" + rest)
        .exchange();
  }

  private void bring(PairId pair, String at, String... contents) {
    List<Map<String, String>> messages =
        List.of(contents).stream()
            .map(each -> Map.of("role", "user", "content", each, "created_at", at))
            .toList();
    as(pair.userId())
        .post()
        .uri(messages(pair) + "/batch")
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("messages", messages))
        .exchange()
        .expectStatus()
        .isCreated();
  }
}
