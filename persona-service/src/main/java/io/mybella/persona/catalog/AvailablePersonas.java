package io.mybella.persona.catalog;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The personas that a user may choose, in order. Their texts may be many megabytes together: those
 * beyond the first ones are read while the list is walked through, a few at a time, and nobody
 * holds a database connection in between.
 */
public final class AvailablePersonas {

  /**
   * What a list says of one persona before its texts are read.
   *
   * @param textBytes how long its texts are in UTF-8
   * @param view null when the texts are to be read later
   */
  public record Entry(
      long id,
      long version,
      boolean isCurrent,
      boolean hasCustomVoice,
      int textBytes,
      @Nullable PersonaView view) {}

  private final List<Entry> entries;
  private final Function<List<Long>, Map<Long, PersonaView>> texts;
  private final int mostAtOnce;

  /**
   * @param texts reads personas by their ids; those that are gone meanwhile are missing
   * @param mostAtOnce how many bytes of texts are read at once, or one persona
   */
  AvailablePersonas(
      List<Entry> entries, Function<List<Long>, Map<Long, PersonaView>> texts, int mostAtOnce) {
    this.entries = List.copyOf(entries);
    this.texts = texts;
    this.mostAtOnce = mostAtOnce;
  }

  /** Built-in personas first, then the user's own, each by id. Exactly one is current. */
  public List<Entry> entries() {
    return entries;
  }

  /** The personas with all their texts, read as they are asked for; can be walked through once. */
  public Stream<PersonaView> views() {
    return chunks().stream().flatMap(chunk -> read(chunk).stream());
  }

  private List<List<Entry>> chunks() {
    List<List<Entry>> chunks = new ArrayList<>();
    List<Entry> chunk = new ArrayList<>();
    long bytes = 0;
    for (Entry entry : entries) {
      bytes += entry.view() == null ? entry.textBytes() : 0;
      if (!chunk.isEmpty() && bytes > mostAtOnce) {
        chunks.add(chunk);
        chunk = new ArrayList<>();
        bytes = entry.textBytes();
      }
      chunk.add(entry);
    }
    chunks.add(chunk);
    return chunks;
  }

  private List<PersonaView> read(List<Entry> chunk) {
    List<Long> unread =
        chunk.stream().filter(entry -> entry.view() == null).map(Entry::id).toList();
    Map<Long, PersonaView> read = unread.isEmpty() ? Map.of() : texts.apply(unread);
    List<PersonaView> views = new ArrayList<>();
    for (Entry entry : chunk) {
      PersonaView view = entry.view() == null ? read.get(entry.id()) : entry.view();
      if (view != null) {
        views.add(view.current(entry.isCurrent()));
      }
    }
    return views;
  }
}
