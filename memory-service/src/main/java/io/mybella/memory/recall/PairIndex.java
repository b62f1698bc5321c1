package io.mybella.memory.recall;

import io.mybella.memory.vector.ByteVector;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The words of one history by turn, what each turn means, and what else recalling needs of it; no
 * texts. Whoever uses it sees to it that nobody else does at the same time.
 */
final class PairIndex {

  /** Bytes of a turn, and of a word beside its postings: measured on a 64-bit JVM. */
  private static final int BYTES_OF_TURN = 110;

  private static final int BYTES_OF_WORD = 150;

  private final Languages languages;
  private final List<Turn> turns = new ArrayList<>();

  /** Turns with which a conversation begins, or goes on after another one. */
  private final BitSet beginnings = new BitSet();

  /** How many words each turn has that say something. */
  private int[] words = new int[16];

  private final Map<String, Postings> postings = new HashMap<>();
  private final Map<UUID, Integer> sessions = new HashMap<>();
  private final Map<Speaker, Integer> speakers = new LinkedHashMap<>();
  private Language language;
  private final TurnVectors vectors = new TurnVectors();
  private long room;

  PairIndex(Languages languages) {
    this.languages = languages;
    this.language = languages.usual();
  }

  /** Adds the turn that comes after all that were added. */
  void add(Spoken spoken) {
    List<String> plain = Words.plain(spoken.text());
    language = languages.of(plain, language);
    Map<String, Integer> counts = new HashMap<>();
    language.stems(spoken.text()).forEach(stem -> counts.merge(stem, 1, Integer::sum));
    Words.ofDate(spoken.at(), language).forEach(stem -> counts.merge(stem, 1, Integer::sum));
    int turn = turns.size();
    counts.forEach((stem, count) -> postings(stem).add(turn, count));
    int session = place(sessions, spoken.session());
    beginnings.set(turn, turn == 0 || turns.get(turn - 1).session() != session);
    words = turn < words.length ? words : Arrays.copyOf(words, turn * 2);
    words[turn] = counts.values().stream().mapToInt(Integer::intValue).sum();
    turns.add(
        new Turn(
            spoken.id(),
            session,
            place(speakers, Speaker.of(spoken)),
            Words.day(spoken.at()),
            spoken.text().length(),
            Words.asks(spoken.text()),
            Language.anyOf(plain, language.time()),
            Language.anyOf(plain, language.firstPerson())));
    room += BYTES_OF_TURN + (long) counts.size() * Integer.BYTES * 3 / 2;
  }

  /**
   * Gives a turn a vector; without effect when it is none of those that were added.
   *
   * @param model that has made it
   */
  void embed(UUID id, String model, ByteVector vector) {
    int turn = place(id);
    if (turn >= 0) {
      vectors.put(turn, model, vector);
    }
  }

  /** They are in the order of their ids, which all have the same version and variant. */
  private int place(UUID id) {
    int low = 0;
    int high = turns.size() - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int order = turns.get(middle).id().compareTo(id);
      if (order == 0) {
        return middle;
      }
      low = order < 0 ? middle + 1 : low;
      high = order < 0 ? high : middle - 1;
    }
    return -1;
  }

  private Postings postings(String stem) {
    return postings.computeIfAbsent(stem, _ -> new Postings());
  }

  private static <T> int place(Map<T, Integer> places, T thing) {
    return places.computeIfAbsent(thing, _ -> places.size());
  }

  int size() {
    return turns.size();
  }

  Turn turn(int i) {
    return turns.get(i);
  }

  /** Whether a turn and the one before it are of the same conversation. */
  boolean goesOn(int i) {
    return !beginnings.get(i);
  }

  /** How many words a turn has that say something, who speaks and when included. */
  int words(int i) {
    return words[i] + 1;
  }

  /** The vectors of the turns. */
  TurnVectors vectors() {
    return vectors;
  }

  /** The last turn; null when there is none. */
  @Nullable Turn last() {
    return turns.isEmpty() ? null : turns.getLast();
  }

  /** The turns that have a word; null when none has. */
  @Nullable Postings of(String stem) {
    return postings.get(stem);
  }

  int sessions() {
    return sessions.size();
  }

  /** Those who have spoken, in the order of their places. */
  List<Speaker> speakers() {
    return List.copyOf(speakers.keySet());
  }

  /** The language of a question. */
  Language languageOf(List<String> words) {
    return languages.of(words, language);
  }

  /** The language of what was said last. */
  Language language() {
    return language;
  }

  /** About how many bytes it takes. */
  long bytes() {
    return room + (long) postings.size() * BYTES_OF_WORD + vectors.bytes();
  }
}
