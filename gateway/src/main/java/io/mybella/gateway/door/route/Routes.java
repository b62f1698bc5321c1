package io.mybella.gateway.door.route;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.springframework.http.server.PathContainer.Element;
import org.springframework.http.server.PathContainer.PathSegment;
import org.springframework.http.server.RequestPath;

/**
 * Which path below {@code /api/personas} belongs to which service.
 *
 * @param byThing by what follows the persona's id, such as {@code messages}
 * @param byName by what stands in the place of an id, such as {@code voice-presets}
 * @param otherwise everything else
 */
record Routes(Map<String, Route> byThing, Map<String, Route> byName, Route otherwise) {

  /** Places in {@code /api/personas/{id}/messages}, with a separator before each segment. */
  private static final int API = 1;

  private static final int PERSONAS = 3;
  private static final int ID = 5;
  private static final int THING = 7;

  static Routes to(Backend persona, Backend memory, Backend voice, Backend chat) {
    return new Routes(
        Map.of(
            "messages", new Route("/api/personas/{id}/messages/**", memory),
            "memory", new Route("/api/personas/{id}/memory/**", memory),
            "voice", new Route("/api/personas/{id}/voice/**", voice),
            "chat", new Route("/api/personas/{id}/chat/**", chat)),
        Map.of("voice-presets", new Route("/api/personas/voice-presets/**", voice)),
        new Route("/api/personas/**", persona));
  }

  /** Where a request with this path goes; empty when no service answers it. */
  Optional<Route> of(RequestPath path) {
    List<Element> elements = path.pathWithinApplication().elements();
    if (!segment(elements, API).equals("api") || !segment(elements, PERSONAS).equals("personas")) {
      return Optional.empty();
    }
    Route named = byName.get(segment(elements, ID));
    Route found = named == null ? byThing.get(segment(elements, THING)) : named;
    return Optional.of(found == null ? otherwise : found);
  }

  /** The segment as it reads once decoded; empty when there is none. */
  private static String segment(List<Element> elements, int place) {
    return place < elements.size() && elements.get(place) instanceof PathSegment segment
        ? segment.valueToMatch()
        : "";
  }
}
