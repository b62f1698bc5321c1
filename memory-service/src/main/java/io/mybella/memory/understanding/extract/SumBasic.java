package io.mybella.memory.understanding.extract;

import io.mybella.memory.understanding.Excerpt;
import io.mybella.memory.understanding.Understood;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * SumBasic (Nenkova and Vanderwende, The Impact of Frequency on Summarization, 2005): a sentence
 * weighs as much as its words come often on the average. The heaviest one that has the most
 * frequent word is taken, then the probabilities of its words are squared, so that the next one
 * tells something else.
 *
 * <p>It was made for news. In talks a sentence of one word would weigh most, so it needs {@value
 * #LEAST_WORDS} that say something, unless none has; and questions, whose words count, are chosen
 * only where nothing else was said.
 */
final class SumBasic {

  private static final int MOST_SENTENCES = 3;
  private static final int MOST_CHARACTERS = 180;
  private static final int LEAST_WORDS = 2;

  private final List<Sentence> sentences;
  private final Map<String, Double> probabilities = new HashMap<>();

  /**
   * @param said what tells how often words come
   * @param sentences of these, which are chosen from
   */
  private SumBasic(List<Sentence> said, List<Sentence> sentences) {
    this.sentences = sentences;
    long all = said.stream().flatMap(Sentence::stems).count();
    said.stream()
        .flatMap(Sentence::stems)
        .forEach(stem -> probabilities.merge(stem, 1.0 / all, Double::sum));
  }

  /**
   * At most {@value #MOST_SENTENCES} sentences, in the order in which they were said, each with its
   * speaker; empty when nothing was said.
   */
  static String summary(List<Sentence> sentences) {
    List<Sentence> telling =
        sentences.stream().filter(each -> each.stems().count() >= LEAST_WORDS).toList();
    if (telling.isEmpty()) {
      telling = sentences.stream().limit(MOST_SENTENCES).toList();
    }
    List<Sentence> statements = telling.stream().filter(each -> !each.isQuestion()).toList();
    return new SumBasic(telling, statements.isEmpty() ? telling : statements).choose();
  }

  private String choose() {
    SortedMap<Integer, String> chosen = new TreeMap<>();
    Set<String> said = new HashSet<>();
    int length = 0;
    for (Optional<Integer> next = next(said); next.isPresent(); next = next(said)) {
      Sentence sentence = sentences.get(next.get());
      String text =
          (sentence.byUser() ? "User: " : "Persona: ")
              + Excerpt.of(sentence.text(), MOST_CHARACTERS);
      length += text.length() + 1;
      if (length > Understood.SUMMARY || chosen.size() == MOST_SENTENCES) {
        break;
      }
      chosen.put(next.get(), text);
      said.add(sentence.text());
      sentence.stems().distinct().forEach(stem -> probabilities.compute(stem, (_, p) -> p * p));
    }
    return String.join("\n", chosen.values());
  }

  /** The heaviest sentence with the word that is the most probable by now. */
  private Optional<Integer> next(Set<String> said) {
    Optional<Integer> best = Optional.empty();
    double bestProbability = -1;
    double bestWeight = -1;
    for (int i = 0; i < sentences.size(); i++) {
      Sentence each = sentences.get(i);
      if (said.contains(each.text())) {
        continue;
      }
      double probability = each.stems().mapToDouble(this::probability).max().orElse(0);
      double weight = each.stems().mapToDouble(this::probability).average().orElse(0);
      if (probability > bestProbability
          || (probability == bestProbability && weight > bestWeight)) {
        best = Optional.of(i);
        bestProbability = probability;
        bestWeight = weight;
      }
    }
    return best;
  }

  private double probability(String stem) {
    return probabilities.getOrDefault(stem, 0.0);
  }
}
