package io.mybella.persona.catalog.web;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import io.mybella.persona.catalog.AvailablePersonas;
import io.mybella.persona.catalog.AvailablePersonas.Entry;
import io.mybella.persona.catalog.PersonaView;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.stereotype.Component;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes lists of personas as JSON. Everybody's list begins with the built-in personas: each look
 * of one is read and rendered once, and kept as bytes. What is a user's own is not kept.
 */
@Component
class PersonaLists {

  /** Of what is kept, bytes: hundreds of built-in personas of the usual length. */
  private static final int MOST_BYTES = 2 << 20;

  private final ObjectWriter json;
  private final Cache<Look, byte[]> builtIns =
      Caffeine.newBuilder()
          .maximumWeight(MOST_BYTES)
          .weigher((Look _, byte[] rendered) -> rendered.length)
          .build();

  PersonaLists(JsonMapper json) {
    this.json = json.writerFor(PersonaResponse.class);
  }

  /** All that the JSON of a persona depends on: the version counts changes of the rest. */
  private record Look(long id, long version, boolean isCurrent, boolean hasCustomVoice) {

    static Look of(Entry entry) {
      return new Look(entry.id(), entry.version(), entry.isCurrent(), entry.hasCustomVoice());
    }

    static Look of(PersonaView view) {
      return new Look(view.id().value(), view.version(), view.isCurrent(), view.hasCustomVoice());
    }
  }

  /**
   * Writes a list, piece by piece while it is read.
   *
   * @throws IOException when the reader has left
   */
  void write(AvailablePersonas personas, OutputStream out) throws IOException {
    Map<Look, byte[]> kept = kept(personas.entries());
    Iterator<Optional<PersonaView>> others = others(personas, kept);
    char before = '[';
    for (Entry entry : personas.entries()) {
      byte[] known = kept.get(Look.of(entry));
      Optional<byte[]> persona =
          known == null ? others.next().map(this::rendered) : Optional.of(known);
      if (persona.isPresent()) {
        out.write(before);
        out.write(persona.get());
        before = ',';
      }
    }
    out.write(']');
  }

  private Map<Look, byte[]> kept(List<Entry> entries) {
    return builtIns.getAllPresent(
        entries.stream().filter(entry -> !entry.isCustom()).map(Look::of).toList());
  }

  private static Iterator<Optional<PersonaView>> others(
      AvailablePersonas personas, Map<Look, byte[]> kept) {
    return personas.views(
        personas.entries().stream().filter(entry -> !kept.containsKey(Look.of(entry))).toList());
  }

  /** What is read may be newer than the entry that made it be read: it is kept as what it is. */
  private byte[] rendered(PersonaView persona) {
    byte[] rendered = json.writeValueAsBytes(PersonaResponse.of(persona));
    if (!persona.isCustom()) {
      builtIns.put(Look.of(persona), rendered);
    }
    return rendered;
  }
}
