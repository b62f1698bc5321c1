package io.mybella.memory.search.web;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.chassis.testing.NaughtyStrings;
import io.mybella.memory.MemoryServiceTest;
import io.mybella.memory.pair.PairId;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.http.MediaType;
import org.springframework.test.web.servlet.client.RestTestClient.ResponseSpec;
import org.springframework.web.util.UriComponentsBuilder;

/** What was said is found by its words, by nobody but those who said it. */
class SearchIT extends MemoryServiceTest {

  private static final List<String> SAID =
      List.of(
          "I walked to the green hills",
          "Walking helps me think",
          "The hills are green in spring",
          "My sister Lilly paints green doors",
          "Theatre tickets, please");

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "walk                   | 1 0",
        "green hills            | 2 0",
        "\"green hills\"        | 0",
        "green -hills           | 3",
        "sister or walking      | 3 1 0",
        "hil*                   | 2 0",
        "green -hil*            | 3",
        "the*                   | 4",
        "walks* -think          | 0",
        "-green                 | 4 1",
        "the                    |",
        "nothing of this        |",
        "***                    |",
        "\"                     |",
      })
  void wordsPhrasesBeginningsAndWhatMustNotBeThere(String query, String expected) {
    PairId pair = newPair();
    SAID.forEach(text -> say(pair, text));
    assertThat(texts(search(pair, query)))
        .containsExactlyElementsOf(
            expected == null
                ? List.of()
                : List.of(expected.split(" ", -1)).stream()
                    .<Object>map(i -> SAID.get(Integer.parseInt(i)))
                    .toList());
  }

  @Test
  void aHighlightIsTextWithMarksWhateverWasSaid() {
    PairId pair = newPair();
    say(pair, "tea < six & \"cup\" \uE000black\uE001 <i>good</i> <mark> </script> tea");
    assertThat((String) messages(search(pair, "teas")).getFirst().get("highlight"))
        .startsWith("<mark>tea</mark> &lt; six &amp; &quot;cup&quot; black")
        .satisfies(html -> assertThat(html.replaceAll("</?mark>", "")).doesNotContain("<", ">"));
  }

  @Test
  void ofALongTextThePartsThatHaveTheWordsAreShownAndAShortOneAsAWhole() {
    PairId pair = newPair();
    say(pair, "Long ago we talked of the garden, part 36");
    say(pair, "before ".repeat(60) + "the meadow" + " after".repeat(60));
    assertThat(messages(search(pair, "garden")).getFirst().get("highlight"))
        .isEqualTo("Long ago we talked of the <mark>garden</mark>, part 36");
    assertThat((String) messages(search(pair, "meadow")).getFirst().get("highlight"))
        .contains("the <mark>meadow</mark> after")
        .hasSizeLessThan(250);
  }

  @ParameterizedTest
  @CsvSource({"newest", "best"})
  void allAreFoundOnceFromPageToPage(String order) {
    PairId pair = newPair();
    batch(
        pair, IntStream.range(0, 25).mapToObj(i -> "tea ".repeat(1 + i % 3) + "and " + i).toList());
    List<Object> found = new ArrayList<>();
    List<Double> scores = new ArrayList<>();
    String cursor = null;
    do {
      Map<String, Object> page =
          answer(get(pair, "tea", "order", order, "limit", "10", "cursor", cursor));
      found.addAll(texts(page));
      messages(page).forEach(each -> scores.add((Double) each.get("score")));
      cursor = (String) page.get("next_cursor");
    } while (cursor != null);

    assertThat(found).hasSize(25).doesNotHaveDuplicates();
    if (order.equals("newest")) {
      assertThat(found.getFirst()).isEqualTo("tea and 24");
      assertThat(found.getLast()).isEqualTo("tea and 0");
    } else {
      assertThat(scores).isSortedAccordingTo((one, other) -> Double.compare(other, one));
      assertThat((String) found.getFirst()).startsWith("tea tea tea and 23");
      assertThat((String) found.getLast()).startsWith("tea and 0");
    }
  }

  @Test
  void aPageEndsEarlyWhenItsTextsAreLong() {
    PairId pair = newPair();
    batch(pair, IntStream.range(0, 12).mapToObj(i -> i + " tea" + " x".repeat(15_990)).toList());
    Map<String, Object> page = answer(get(pair, "tea", "limit", "100"));
    assertThat(messages(page)).hasSize(8);
    assertThat(messages(answer(get(pair, "tea", "cursor", (String) page.get("next_cursor")))))
        .hasSize(4);
  }

  @Test
  void aCursorIsGoodForItsOwnSearchAlone() {
    PairId pair = newPair();
    say(pair, "tea one");
    say(pair, "tea two");
    String cursor = (String) answer(get(pair, "tea", "limit", "1")).get("next_cursor");
    assertThat(cursor).isNotNull();
    get(pair, "tea", "cursor", cursor).expectStatus().isOk();
    get(pair, "two", "cursor", cursor).expectStatus().isBadRequest();
    get(pair, "tea", "order", "best", "cursor", cursor).expectStatus().isBadRequest();
    PairId other = new PairId(pair.userId(), personaOf(pair.userId()));
    get(other, "tea", "cursor", cursor).expectStatus().isBadRequest();
  }

  @Test
  void whatIsEditedDeletedOrForgottenIsNotFound() {
    PairId pair = newPair();
    String edited = (String) say(pair, "canary one").get("id");
    String deleted = (String) say(pair, "canary two").get("id");
    as(pair.userId())
        .patch()
        .uri(messages(pair) + "/" + edited)
        .contentType(MediaType.APPLICATION_JSON)
        .body(Map.of("content", "sparrow one"))
        .exchange()
        .expectStatus()
        .isOk();
    as(pair.userId())
        .delete()
        .uri(messages(pair) + "/" + deleted)
        .exchange()
        .expectStatus()
        .isNoContent();
    assertThat(texts(search(pair, "canary"))).isEmpty();
    assertThat(texts(search(pair, "sparrow"))).containsExactly("sparrow one");

    as(pair.userId()).delete().uri(messages(pair)).exchange().expectStatus().isNoContent();
    assertThat(texts(search(pair, "sparrow"))).isEmpty();
  }

  @Test
  void nothingIsFoundOfOthers() {
    long everybodys = systemPersona();
    PairId mine = new PairId(newId(), everybodys);
    PairId yours = new PairId(newId(), everybodys);
    say(yours, "secret canary");
    say(mine, "hello");
    assertThat(texts(search(mine, "canary or hello"))).containsExactly("hello");
    get(new PairId(mine.userId(), newPair().personaId()), "canary").expectStatus().isNotFound();
  }

  @Test
  void noTextIsAnError() {
    PairId pair = newPair();
    say(pair, "hello");
    for (String text : NaughtyStrings.ALL) {
      String query =
          text.substring(
              0, text.offsetByCodePoints(0, Math.min(80, text.codePointCount(0, text.length()))));
      get(pair, query + "*", "order", "best").expectStatus().isOk();
      get(pair, "-\"" + query, "order", "best").expectStatus().isOk();
    }
    get(pair, "😀".repeat(499) + "*").expectStatus().isOk();
    for (String signs : List.of("-", "- ", "!-", "-\"", "(", "a or ", "-a ", "\"a\"-")) {
      get(pair, signs.repeat(500 / signs.length())).expectStatus().isOk();
    }
    get(pair, "x".repeat(501)).expectStatus().isBadRequest();
    get(pair, "").expectStatus().isBadRequest();
    get(pair, "x", "order", "oldest").expectStatus().isBadRequest();
  }

  private Map<String, Object> search(PairId pair, String query) {
    return answer(get(pair, query).expectStatus().isOk());
  }

  private ResponseSpec get(PairId pair, String query, String... more) {
    var uri =
        UriComponentsBuilder.fromPath("/api/personas/{id}/memory/search").queryParam("q", "{q}");
    List<Object> values = new ArrayList<>(List.of(pair.personaId(), query));
    for (int i = 0; i < more.length; i += 2) {
      if (more[i + 1] != null) {
        uri.queryParam(more[i], "{" + more[i] + "}");
        values.add(more[i + 1]);
      }
    }
    return as(pair.userId()).get().uri(uri.build().toUriString(), values.toArray()).exchange();
  }

  @SuppressWarnings("unchecked") // JSON is untyped
  private static List<Map<String, Object>> messages(Map<String, Object> page) {
    return (List<Map<String, Object>>) Objects.requireNonNull(page.get("messages"));
  }

  private void batch(PairId pair, List<String> texts) {
    as(pair.userId())
        .post()
        .uri(messages(pair) + "/batch")
        .contentType(MediaType.APPLICATION_JSON)
        .body(
            Map.of(
                "messages",
                texts.stream().map(text -> Map.of("role", "user", "content", text)).toList()))
        .exchange()
        .expectStatus()
        .isCreated();
  }
}
