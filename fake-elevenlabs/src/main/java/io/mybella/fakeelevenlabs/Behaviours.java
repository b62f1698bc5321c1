package io.mybella.fakeelevenlabs;

import java.util.Map;
import java.util.TreeMap;

/** How each voice and each call answers now, and how often it did since that was said. */
final class Behaviours {

  private final Map<String, Said> all = new TreeMap<>();

  /**
   * Decides how something answers.
   *
   * @param what a voice or a call
   * @param told what is told of it to whoever asks what was decided
   */
  synchronized void let(String what, Behaviour behaviour, Object told) {
    all.put(what, new Said(behaviour, told));
  }

  synchronized void forget(String what) {
    all.remove(what);
  }

  synchronized void clear() {
    all.clear();
  }

  synchronized int size() {
    return all.size();
  }

  /**
   * How it is to answer this time.
   *
   * @param what a voice or a call
   * @param otherwise what counts where nothing was said of that
   */
  synchronized Behaviour next(String what, String otherwise) {
    Said said = all.getOrDefault(what, all.get(otherwise));
    return said == null ? new Behaviour.Speaks() : said.next();
  }

  /** What was decided, as it is told. */
  synchronized Map<String, Object> told() {
    Map<String, Object> words = new TreeMap<>();
    all.forEach((what, said) -> words.put(what, said.told));
    return words;
  }

  private static final class Said {

    private final Behaviour behaviour;
    private final Object told;
    private int asked;

    private Said(Behaviour behaviour, Object told) {
      this.behaviour = behaviour;
      this.told = told;
    }

    private Behaviour next() {
      asked++;
      if (behaviour instanceof Behaviour.FailsAtFirst(int times, Behaviour failure)) {
        return asked <= times ? failure : new Behaviour.Speaks();
      }
      return behaviour;
    }
  }
}
