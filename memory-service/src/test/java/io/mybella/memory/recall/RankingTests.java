package io.mybella.memory.recall;

import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.memory.history.Role;
import io.mybella.memory.recall.Asked.Meaning;
import io.mybella.memory.recall.Ranking.Hit;
import io.mybella.memory.vector.ByteVector;
import java.io.IOException;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What each signal does, in histories of a few turns. */
class RankingTests {

  private static final Names NAMES = new Names("Ann", "Isabella");
  private static final Instant MONDAY = Instant.parse("2024-03-04T10:00:00Z");

  private final Map<UUID, String> texts = new HashMap<>();
  private PairIndex index;

  @BeforeEach
  void anEmptyIndex() throws IOException {
    index = new PairIndex(new Languages("english"));
  }

  @Test
  void anAnswerIsFoundByTheWordsOfTheQuestionBeforeIt() {
    said(1, Role.USER, "The weather is nice.");
    said(1, Role.ASSISTANT, "Where did you spend your honeymoon?");
    said(1, Role.USER, "We flew to Iceland, it was cold and wonderful.");
    said(2, Role.USER, "I like long walks in the rain, they are good for me.");
    assertThat(first("Where was my honeymoon?"))
        .isEqualTo("We flew to Iceland, it was cold and wonderful.");
  }

  @Test
  void neighboursOfAnotherConversationExplainNothing() {
    said(1, Role.ASSISTANT, "Where did you spend your honeymoon?");
    said(2, Role.USER, "I flew to Iceland for work.");
    assertThat(Ranking.of(Asked.inWords("honeymoon"), index, NAMES, 5))
        .extracting(hit -> texts.get(hit.id()))
        .containsExactly("Where did you spend your honeymoon?");
  }

  @Test
  void wordsAreComparedByTheirStemsInTheLanguageOfTheTurn() {
    said(1, Role.USER, "Ich habe heute zwei alte Häuser gekauft und das ist gut so.");
    said(2, Role.USER, "I have painted the old houses and they look great.");
    assertThat(first("Wie alt ist das Haus, das ich gekauft habe?")).startsWith("Ich habe");
    assertThat(first("Which house have I been painting?")).startsWith("I have");
  }

  @Test
  void whoeverIsNamedCounts() {
    said(1, Role.USER, "My favourite fruit is the quince.");
    said(1, Role.ASSISTANT, "My favourite fruit is the plum.");
    assertThat(first("Which fruit is the favourite of Isabella?")).endsWith("plum.");
    assertThat(first("Which fruit is my favourite?")).endsWith("quince.");
    assertThat(first("Which fruit is the favourite of Ann?")).endsWith("quince.");
  }

  @Test
  void aTimeThatIsAskedForCounts() {
    said(1, Role.USER, "The dentist is a friendly man in a white coat.");
    said(2, Role.USER, "The dentist has time on Thursday in the morning.");
    Hit hit = Ranking.of(Asked.inWords("When is the dentist?"), index, NAMES, 5).getFirst();
    assertThat(texts.get(hit.id())).contains("Thursday");
    assertThat(hit.reasons()).containsEntry("time", Weights.TIME);
  }

  @Test
  void ofTwoThatSayTheSameTheNewerComesFirst() {
    said(1, Role.USER, "I live in Berlin.");
    said(2, Role.USER, "I live in Bremen.");
    assertThat(first("Where do I live?")).isEqualTo("I live in Bremen.");
  }

  @Test
  void whatTheHistoryDoesNotKnowIsBelowTheFloor() {
    for (int i = 0; i < 30; i++) {
      said(i, Role.USER, "I went to the office and it was an ordinary day, number " + i);
    }
    said(31, Role.USER, "My colleague Paul told me stories about his boat.");
    assertThat(Ranking.known(Asked.inWords("Which stories did Paul tell me?"), index, NAMES, 5))
        .isNotEmpty();
    String unknown = "Who went to the premiere of the opera in Vienna with the ambassador?";
    assertThat(Ranking.of(Asked.inWords(unknown), index, NAMES, 5)).isNotEmpty();
    assertThat(Ranking.known(Asked.inWords(unknown), index, NAMES, 5)).isEmpty();
  }

  @Test
  void whatIsMeantCountsAndIsEnoughWhereItIsNear() {
    said(1, Role.USER, "The kitten has its basket by the stove.");
    said(2, Role.USER, "I like long walks in the rain, they are good for me.");
    embed(0, 1, 0);
    embed(1, 0, 1);
    var near = new Asked("Where did pussy doze?", new Meaning("m", vector(1, 0.1f), 0.9f));
    List<Hit> hits = Ranking.known(near, index, NAMES, 5);
    assertThat(hits).extracting(hit -> texts.get(hit.id())).containsExactly(texts.get(id(0)));
    assertThat(hits.getFirst().reasons())
        .containsEntry("meaning", Weights.MEANING)
        .containsEntry("meaning_of_conversation", Weights.MEANING_OF_SESSION);
    var far = new Asked("Where did pussy doze?", new Meaning("m", vector(1, 1), 0.9f));
    assertThat(Ranking.of(far, index, NAMES, 5)).isEmpty();
    var ofAnother = new Asked("Where did pussy doze?", new Meaning("n", vector(1, 0.1f), 0.9f));
    assertThat(Ranking.of(ofAnother, index, NAMES, 5)).isEmpty();
  }

  private void embed(int turn, float... vector) {
    index.embed(id(turn), "m", vector(vector));
  }

  private static ByteVector vector(float... components) {
    return ByteVector.of(components);
  }

  private static UUID id(int turn) {
    return new UUID(1, turn);
  }

  @Test
  void anEmptyHistoryKnowsNothing() {
    assertThat(Ranking.of(Asked.inWords("Anything?"), index, NAMES, 5)).isEmpty();
    assertThat(Ranking.known(Asked.inWords(""), index, NAMES, 5)).isEmpty();
  }

  private String first(String question) {
    return texts.get(Ranking.of(Asked.inWords(question), index, NAMES, 5).getFirst().id());
  }

  private void said(int session, Role role, String text) {
    UUID id = id(texts.size());
    texts.put(id, text);
    index.add(
        new Spoken(
            id, new UUID(2, session), role, null, MONDAY.plusSeconds(86_400L * session), text));
  }
}
