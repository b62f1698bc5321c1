package io.mybella.memory.understanding.extract;

import io.mybella.memory.understanding.Excerpt;
import io.mybella.memory.understanding.Talk;
import io.mybella.memory.understanding.Talk.Utterance;
import io.mybella.memory.understanding.Understanding;
import io.mybella.memory.understanding.Understood;
import io.mybella.memory.understanding.extract.KeyTopics.Topic;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.springframework.stereotype.Component;

/**
 * Understands a conversation from its own words, see the package. The title is the one or two
 * strongest topics when people came back to them, else the beginning of what the user said first.
 */
@Component
class Extract implements Understanding {

  private static final int TOPICS_IN_TITLE = 2;

  @Override
  public String name() {
    return "extract";
  }

  @Override
  public Understood of(Talk talk) {
    if (talk.utterances().isEmpty()) {
      return Understood.NOTHING;
    }
    Language language = Language.of(talk.utterances().stream().map(Utterance::text).toList());
    List<Sentence> sentences = Sentence.of(talk, language);
    List<Topic> topics = KeyTopics.of(sentences);
    return new Understood(
        title(topics, talk),
        SumBasic.summary(sentences),
        topics.stream().map(Topic::text).toList(),
        language
            .mood()
            .of(talk.utterances().stream().filter(Utterance::byUser).map(Utterance::text))
            .orElse(null),
        language.facts().of(sentences));
  }

  private static String title(List<Topic> topics, Talk talk) {
    String found =
        topics.stream()
            .filter(topic -> topic.times() > 1)
            .limit(TOPICS_IN_TITLE)
            .map(Topic::text)
            .collect(Collectors.joining(", "));
    return capitalised(found.isEmpty() ? beginning(talk) : found);
  }

  private static String beginning(Talk talk) {
    return talk.utterances().stream()
        .filter(Utterance::byUser)
        .findFirst()
        .orElse(talk.utterances().getFirst())
        .text()
        .strip();
  }

  private static String capitalised(String text) {
    if (text.isEmpty()) {
      return text;
    }
    String line = Excerpt.of(text, Understood.TITLE);
    int first = line.offsetByCodePoints(0, 1);
    return line.substring(0, first).toUpperCase(Locale.ROOT) + line.substring(first);
  }
}
