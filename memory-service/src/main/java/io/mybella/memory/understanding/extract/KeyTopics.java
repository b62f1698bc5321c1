package io.mybella.memory.understanding.extract;

import io.mybella.memory.understanding.Understood;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * RAKE (Rose, Engel, Cramer and Cowley, Automatic Keyword Extraction from Individual Documents,
 * 2010): candidates are runs of words that neither stop words nor punctuation interrupt. A word
 * scores its degree, the words that it stands together with, by its frequency; a candidate scores
 * the sum of its words.
 *
 * <p>Talks are shorter and less careful than the abstracts that it was made for: a candidate has at
 * most {@value #MOST_WORDS} words, of longer runs each word stands alone, and the score is
 * multiplied by how often the candidate comes. Words are compared by their stems.
 */
final class KeyTopics {

  private static final int MOST_WORDS = 3;

  /**
   * Something that was talked about.
   *
   * @param text as it was written first
   * @param times how often
   */
  record Topic(String text, Set<String> stems, double score, int times) {}

  private static final class Candidate {
    private final List<Word> words;
    private int times;

    Candidate(List<Word> words) {
      this.words = words;
    }
  }

  private final Map<List<String>, Candidate> candidates = new LinkedHashMap<>();
  private final Map<String, Integer> frequency = new HashMap<>();
  private final Map<String, Integer> degree = new HashMap<>();

  private KeyTopics() {}

  /** The strongest first, at most {@value Understood#LISTED}. */
  static List<Topic> of(List<Sentence> sentences) {
    var topics = new KeyTopics();
    sentences.stream().flatMap(each -> each.runs().stream()).forEach(topics::take);
    return topics.strongest();
  }

  private void take(List<Word> run) {
    for (int begin = 0; begin < run.size(); begin++) {
      String stem = run.get(begin).stem();
      frequency.merge(stem, 1, Integer::sum);
      degree.merge(stem, run.size(), Integer::sum);
      for (int end = begin + 1; end <= Math.min(begin + MOST_WORDS, run.size()); end++) {
        List<Word> part = run.subList(begin, end);
        candidates.computeIfAbsent(stems(part), _ -> new Candidate(List.copyOf(part))).times++;
      }
    }
  }

  private static List<String> stems(List<Word> words) {
    return words.stream().map(Word::stem).toList();
  }

  private List<Topic> strongest() {
    List<Topic> found =
        candidates.entrySet().stream()
            .filter(each -> each.getKey().size() == 1 || each.getValue().times > 1)
            .map(each -> topic(each.getKey(), each.getValue()))
            .sorted(
                Comparator.comparingDouble(Topic::score).thenComparingInt(Topic::times).reversed())
            .toList();
    List<Topic> chosen = new ArrayList<>();
    Set<String> told = new HashSet<>();
    for (Topic each : found) {
      if (chosen.size() < Understood.LISTED && told.addAll(each.stems())) {
        chosen.add(each);
      }
    }
    return chosen;
  }

  private Topic topic(List<String> stems, Candidate candidate) {
    double score = 0;
    for (String stem : stems) {
      score += (double) degree.getOrDefault(stem, 0) / frequency.getOrDefault(stem, 1);
    }
    String text = String.join(" ", candidate.words.stream().map(Word::text).toList());
    return new Topic(text, Set.copyOf(stems), score * candidate.times, candidate.times);
  }
}
