package io.mybella.persona.catalog;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The personas that a user may choose, in order. Their texts may be many megabytes together: those
 * of built-in personas, which most readers know already, and those beyond the user's first ones are
 * read while they are walked through, a few at a time, and nobody holds a database connection in
 * between.
 */
public final class AvailablePersonas {

  /**
   * What a list says of one persona before its texts are read.
   *
   * @param id the number of a {@code PersonaId}: lists are what front ends poll
   * @param version counts the changes of everything else that can be seen of it
   * @param textBytes how long its texts are in UTF-8, at most
   * @param view null when the texts are to be read later
   */
  public record Entry(
      long id,
      long version,
      boolean isCurrent,
      boolean hasCustomVoice,
      boolean isCustom,
      int textBytes,
      @Nullable PersonaView view) {

    private Entry asCurrent() {
      return new Entry(id, version, true, hasCustomVoice, isCustom, textBytes, view);
    }
  }

  private static final long DEFAULT = PersonaDirectory.DEFAULT_PERSONA_ID.value();

  private static final Comparator<Entry> ORDER =
      Comparator.comparing(Entry::isCustom).thenComparingLong(Entry::id);

  private final List<Entry> entries;
  private final Function<List<Long>, Map<Long, PersonaView>> texts;
  private final int mostAtOnce;

  /**
   * Puts personas in order, and makes the default one current where the user chose none of them.
   *
   * @param found at most one of them current
   * @param texts reads personas by their ids; those that are gone meanwhile are missing
   * @param mostAtOnce how many bytes of texts are read at once, or one persona
   */
  AvailablePersonas(
      List<Entry> found, Function<List<Long>, Map<Long, PersonaView>> texts, int mostAtOnce) {
    List<Entry> ordered = new ArrayList<>(found);
    ordered.sort(ORDER);
    if (ordered.stream().noneMatch(Entry::isCurrent)) {
      ordered.replaceAll(entry -> entry.id() == DEFAULT ? entry.asCurrent() : entry);
    }
    this.entries = List.copyOf(ordered);
    this.texts = texts;
    this.mostAtOnce = mostAtOnce;
  }

  /** Built-in personas first, then the user's own, each by id. Exactly one is current. */
  public List<Entry> entries() {
    return entries;
  }

  /**
   * Some of the personas with all their texts, read as they are asked for; one that is gone
   * meanwhile is empty.
   *
   * @param wanted some of the {@linkplain #entries() entries}
   */
  public Iterator<Optional<PersonaView>> views(List<Entry> wanted) {
    return chunks(wanted).stream().flatMap(chunk -> read(chunk).stream()).iterator();
  }

  private List<List<Entry>> chunks(List<Entry> wanted) {
    List<List<Entry>> chunks = new ArrayList<>();
    List<Entry> chunk = new ArrayList<>();
    long bytes = 0;
    for (Entry entry : wanted) {
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

  private List<Optional<PersonaView>> read(List<Entry> chunk) {
    List<Long> unread =
        chunk.stream().filter(entry -> entry.view() == null).map(Entry::id).toList();
    Map<Long, PersonaView> read = unread.isEmpty() ? Map.of() : texts.apply(unread);
    return chunk.stream()
        .map(
            entry ->
                Optional.ofNullable(entry.view() == null ? read.get(entry.id()) : entry.view())
                    .map(view -> view.current(entry.isCurrent())))
        .toList();
  }
}
