package io.mybella.memory.fact.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.history.web.Cursor;
import io.mybella.memory.pair.PairId;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;

/** What was learned is seen, changed and erased by whom it is about. */
class PreferencesIT extends MemoryServiceTest {

  @Test
  void whatIsSetIsThereUntilItIsErased() {
    PairId pair = newPair();
    Map<String, Object> first =
        answer(
            put(pair, "/Drinks/green%20%20Tea", "{\"value\":\" gyokuro \"}")
                .expectStatus()
                .isCreated());
    assertThat(first)
        .containsEntry("category", "drinks")
        .containsEntry("key", "green tea")
        .containsEntry("value", "gyokuro")
        .containsEntry("confidence", 1.0)
        .containsEntry("source", "set")
        .containsEntry("learned_from", null)
        .containsEntry("times_observed", 1)
        .containsEntry("valid_until", null)
        .containsEntry("valid_from", first.get("first_observed"))
        .containsEntry("last_confirmed", first.get("first_observed"))
        .hasSize(11);
    assertThat(preferences(page(pair, ""))).containsExactly(first);

    Map<String, Object> again =
        answer(
            put(pair, "/drinks/green%20tea", "{\"value\":\"gyokuro\",\"confidence\":0.5}")
                .expectStatus()
                .isOk());
    assertThat(again).containsEntry("confidence", 0.5).containsEntry("times_observed", 2);

    Map<String, Object> other =
        answer(
            put(pair, "/DRINKS/GREEN%20TEA", "{\"value\":\"sencha\",\"confidence\":null}")
                .expectStatus()
                .isOk());
    Map<String, Object> values = answer(get(pair, "/drinks/green%20tea").expectStatus().isOk());
    assertThat(values).containsEntry("current", other).containsEntry("key", "green tea");
    assertThat(listOf(values.get("history")))
        .singleElement()
        .satisfies(
            each ->
                assertThat(each)
                    .containsEntry("value", "gyokuro")
                    .containsEntry("valid_until", other.get("valid_from")));
    assertThat(preferences(page(pair, ""))).containsExactly(other);
    assertThat(preferences(page(pair, "?history=true"))).hasSize(2).startsWith(other);

    delete(pair, "/drinks/green%20tea").expectStatus().isNoContent();
    assertThat(rows("preference", of(pair))).isZero();
    delete(pair, "/drinks/green%20tea").expectStatus().isNotFound();
    get(pair, "/drinks/green%20tea").expectStatus().isNotFound();
  }

  @Test
  void whatWasWithdrawnIsShownAsHistoryAlone() {
    PairId pair = newPair();
    say(pair, "My favourite tea is black");
    say(pair, "forget my favourite tea");
    Map<String, Object> values =
        answer(get(pair, "/favourites/favourite%20tea").expectStatus().isOk());
    assertThat(values).containsEntry("current", null);
    assertThat(listOf(values.get("history"))).hasSize(1);
    put(pair, "/favourites/favourite%20tea", "{\"value\":\"green\"}").expectStatus().isCreated();
  }

  @Test
  void everythingThatWasLearnedCanBeErasedAtOnceAndMessagesStay() {
    PairId pair = newPair();
    say(pair, "Remember that I sing");
    put(pair, "/a/b", "{\"value\":\"c\"}").expectStatus().isCreated();
    put(pair, "/a/b", "{\"value\":\"d\"}").expectStatus().isOk();
    delete(pair, "").expectStatus().isNoContent();
    delete(pair, "").expectStatus().isNoContent();
    assertThat(rows("preference", of(pair))).isZero();
    assertThat(texts(pair)).containsExactly("Remember that I sing");
  }

  @Test
  void manyAreShownPageByPageSurestFirstAndWithHistoryNewestFirst() {
    PairId pair = newPair();
    IntStream.range(0, 25)
        .forEach(
            i -> {
              put(pair, "/c/k" + i, "{\"value\":\"old\"}").expectStatus().isCreated();
              put(pair, "/c/k" + i, "{\"value\":\"v\",\"confidence\":0.%02d}".formatted(i % 10 * 7))
                  .expectStatus()
                  .isOk();
            });
    for (boolean history : List.of(false, true)) {
      List<Map<String, Object>> all = new ArrayList<>();
      Map<String, Object> page = page(pair, "?limit=7&history=" + history);
      all.addAll(preferences(page));
      while (page.get("next_after") != null) {
        assertThat(preferences(page)).hasSize(7);
        page =
            page(pair, "?limit=7&history=%s&after=%s".formatted(history, page.get("next_after")));
        all.addAll(preferences(page));
      }
      assertThat(all).hasSize(history ? 50 : 25).doesNotHaveDuplicates();
      if (history) {
        assertThat(all.getFirst()).containsEntry("key", "k24").containsEntry("value", "v");
        assertThat(all.getLast()).containsEntry("key", "k0").containsEntry("value", "old");
      } else {
        assertThat(all)
            .isSortedAccordingTo(
                (one, other) ->
                    Double.compare(
                        (double) other.get("confidence"), (double) one.get("confidence")));
      }
    }
  }

  @Test
  void aPageOfLongValuesEndsBeforeItIsTooLong() {
    PairId pair = newPair();
    String value = "{\"value\":\"%s\"}".formatted("🙂".repeat(2_000));
    IntStream.range(0, 40).forEach(i -> put(pair, "/c/k" + i, value).expectStatus().isCreated());
    Map<String, Object> page = page(pair, "?limit=200");
    assertThat(preferences(page)).hasSize(32);
    Set<Object> keys = new HashSet<>();
    preferences(page).forEach(each -> keys.add(each.get("key")));
    Map<String, Object> rest = page(pair, "?after=" + page.get("next_after"));
    preferences(rest).forEach(each -> keys.add(each.get("key")));
    assertThat(keys).hasSize(40);
    assertThat(rest).containsEntry("next_after", null);
  }

  @Test
  void oneMoreThanAPersonaTakesIs409AndChangesNothing() {
    PairId pair = newPair();
    say(pair, "hello");
    asSuperuser(
        db ->
            db.sql(
                    """
                    INSERT INTO preference (user_id, persona_id, id, category, key, value, source,
                      confidence, first_observed, last_confirmed, valid_from)
                    SELECT %d, %d, uuidv7(), 'c', 'k' || n, 'v', 'set', 1, now(), now(), now()
                    FROM generate_series(1, 1000) AS n
                    """
                        .formatted(pair.userId(), pair.personaId()))
                .update());
    put(pair, "/c/one-more", "{\"value\":\"v\"}").expectStatus().isEqualTo(409);
    assertThat(rows("preference", of(pair) + " AND valid_until IS NULL")).isEqualTo(1_000);
    put(pair, "/c/k1", "{\"value\":\"w\"}").expectStatus().isOk();
    delete(pair, "/c/k2").expectStatus().isNoContent();
    put(pair, "/c/one-more", "{\"value\":\"v\"}").expectStatus().isCreated();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "null",
        "[]",
        "{}",
        "{\"value\":null}",
        "{\"value\":\"\"}",
        "{\"value\":\" \\t \"}",
        "{\"value\":\"a\\u0000b\"}",
        "{\"value\":\"\\ud800\"}",
        "{\"value\":{}}",
        "{\"value\":\"v\",\"confidence\":-0.1}",
        "{\"value\":\"v\",\"confidence\":1.1}",
        "{\"value\":\"v\",\"confidence\":1e400}",
        "{\"value\":\"v\",\"confidence\":\"NaN\"}",
        "{\"value\":\"v\",\"confidence\":true}"
      })
  void aWrongValueIs400AndChangesNothing(String body) {
    PairId pair = newPair();
    put(pair, "/c/k", body).expectStatus().isBadRequest();
    put(pair, "/c/k", "{\"value\":\"%s\"}".formatted("x".repeat(2_001)))
        .expectStatus()
        .isBadRequest();
    assertThat(rows("preference", of(pair))).isZero();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/%20/k",
        "/c/%20%09",
        "/c/a%00b",
        "/a%2Fb/k",
        "/c/a%2fb",
        "/c/a%5Cb",
        "/c/a%3Bb",
        "/c/a%25b",
        "/c/%2E%2E",
        "/c/%ED%A0%80"
      })
  void aWrongNameIs400(String name) {
    PairId pair = newPair();
    for (ResponseSpec answer :
        List.of(get(pair, name), put(pair, name, "{\"value\":\"v\"}"), delete(pair, name))) {
      answer.expectStatus().isBadRequest();
    }
    assertThat(rows("preference", of(pair))).isZero();
  }

  @Test
  void aNameIsAsLongAsItMayBeAndOfAnyLetters() {
    PairId pair = newPair();
    String longest = "/" + "%C3%84".repeat(60) + "/" + "k".repeat(120);
    put(pair, longest, "{\"value\":\"v\"}").expectStatus().isCreated();
    get(pair, longest).expectStatus().isOk();
    put(pair, "/" + "c".repeat(61) + "/k", "{\"value\":\"v\"}").expectStatus().isBadRequest();
    put(pair, "/c/" + "k".repeat(121), "{\"value\":\"v\"}").expectStatus().isBadRequest();
    // The same letter, composed and not.
    put(pair, "/caf%C3%A9/k", "{\"value\":\"v\"}").expectStatus().isCreated();
    put(pair, "/cafe%CC%81/k", "{\"value\":\"v\"}").expectStatus().isOk();
    put(pair, "/c%3Fd%23+&=/%F0%9F%99%82", "{\"value\":\"v\"}").expectStatus().isCreated();
    assertThat(preferences(page(pair, "")))
        .extracting(each -> each.get("category") + "/" + each.get("key"))
        .contains("c?d#+&=/🙂", "café/k");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "?limit=0",
        "?limit=201",
        "?limit=x",
        "?history=perhaps",
        "?after=x",
        "?after=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA",
        "?after="
      })
  void aWrongPlaceIs400(String query) {
    get(newPair(), query).expectStatus().isBadRequest();
  }

  @Test
  void aCursorIsGoodForItsListAlone() {
    PairId pair = newPair();
    IntStream.range(0, 3)
        .forEach(i -> put(pair, "/c/k" + i, "{\"value\":\"v\"}").expectStatus().isCreated());
    Object cursor = page(pair, "?limit=1").get("next_after");
    get(pair, "?after=" + cursor).expectStatus().isOk();
    get(pair, "?history=true&after=" + cursor).expectStatus().isBadRequest();
    get(new PairId(pair.userId(), personaOf(pair.userId())), "?after=" + cursor)
        .expectStatus()
        .isBadRequest();
  }

  /** The checksum is no secret: whoever makes cursors up is answered, too. */
  @ParameterizedTest
  @ValueSource(longs = {Long.MIN_VALUE, -1, 253_402_300_800_000_000L, Long.MAX_VALUE})
  void aCursorOfATimeThatNeverWasIsNoFault(long micros) {
    PairId pair = newPair();
    put(pair, "/c/k", "{\"value\":\"v\"}").expectStatus().isCreated();
    String cursor = Cursor.write(pair, 0, micros, Double.doubleToLongBits(1), 0, 0);
    get(pair, "?after=" + cursor).expectStatus().isOk();
  }

  @Test
  void whatBelongsToSomebodyElseIsMissingAndStaysAsItIs() {
    PairId theirs = newPair();
    put(theirs, "/c/k", "{\"value\":\"v\"}").expectStatus().isCreated();
    PairId foreign = new PairId(newId(), theirs.personaId());
    get(foreign, "").expectStatus().isNotFound();
    get(foreign, "?history=true").expectStatus().isNotFound();
    get(foreign, "/c/k").expectStatus().isNotFound();
    put(foreign, "/c/k", "{\"value\":\"w\"}").expectStatus().isNotFound();
    delete(foreign, "/c/k").expectStatus().isNotFound();
    delete(foreign, "").expectStatus().isNotFound();
    assertThat(preferences(page(theirs, "")))
        .extracting(each -> each.get("value"))
        .containsExactly("v");
    assertThat(rows("persona_memory", of(foreign))).isZero();
    for (String path : List.of("", "/c/k")) {
      asNobody()
          .get()
          .uri(URI.create(path(theirs) + path))
          .exchange()
          .expectStatus()
          .isUnauthorized();
    }
  }

  @Test
  void anotherMediaTypeIs415() {
    PairId pair = newPair();
    as(pair.userId())
        .put()
        .uri(path(pair) + "/c/k")
        .contentType(MediaType.TEXT_PLAIN)
        .body("v")
        .exchange()
        .expectStatus()
        .isEqualTo(415);
  }

  @Test
  void theContextCarriesWhatWasLearned() {
    PairId pair = newPair();
    say(pair, "Remember that my sister is called Mara");
    Map<String, Object> context =
        answer(
            as(pair.userId())
                .get()
                .uri("/api/personas/" + pair.personaId() + "/memory/context")
                .exchange()
                .expectStatus()
                .isOk());
    assertThat(context)
        .containsEntry(
            "preferences",
            List.of(
                Map.of(
                    "category", "remembered",
                    "key", "my sister is called mara",
                    "value", "my sister is called Mara",
                    "confidence", 0.9)));
  }

  private static String path(PairId pair) {
    return "/api/personas/" + pair.personaId() + "/memory/preferences";
  }

  private Map<String, Object> page(PairId pair, String query) {
    return answer(get(pair, query).expectStatus().isOk());
  }

  private ResponseSpec get(PairId pair, String rest) {
    return as(pair.userId()).get().uri(URI.create(path(pair) + rest)).exchange();
  }

  private ResponseSpec delete(PairId pair, String rest) {
    return as(pair.userId()).delete().uri(URI.create(path(pair) + rest)).exchange();
  }

  private ResponseSpec put(PairId pair, String name, String body) {
    return as(pair.userId())
        .put()
        .uri(URI.create(path(pair) + name))
        .contentType(MediaType.APPLICATION_JSON)
        .body(body)
        .exchange();
  }

  private static List<Map<String, Object>> preferences(Map<String, Object> page) {
    return listOf(page.get("preferences"));
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private static List<Map<String, Object>> listOf(Object list) {
    return (List<Map<String, Object>>) Objects.requireNonNull(list);
  }
}
