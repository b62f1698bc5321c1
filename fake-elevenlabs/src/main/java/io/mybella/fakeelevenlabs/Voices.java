package io.mybella.fakeelevenlabs;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/** The voices of the account: those that it was given, and clones. */
final class Voices {

  private static final String CLONED = "cloned";
  private static final int USUAL_PAGE = 10;
  private static final int LONGEST_PAGE = 100;
  private static final int LONGEST_NAME = 100;
  private static final int MOST_SAMPLES = 25;

  private final List<ObjectNode> voices = new ArrayList<>();
  private final Set<String> deleted = new HashSet<>();
  private int clones;

  synchronized void add(ObjectNode voice) {
    voices.add(voice);
  }

  /** Forgets all of them; no id of a clone is ever given again. */
  synchronized void clear() {
    voices.clear();
    deleted.clear();
  }

  /** Whether the account speaks with that voice. */
  synchronized boolean speaks(String id, Account account) {
    return account.knowsAnyName() ? !deleted.contains(id) : has(id);
  }

  private boolean has(String id) {
    return voices.stream().anyMatch(voice -> idOf(voice).equals(id));
  }

  synchronized int clonesKept() {
    return (int) voices.stream().filter(Voices::isClone).count();
  }

  /** One voice. */
  synchronized JsonNode get(String id) throws ApiError {
    return voices.stream()
        .filter(voice -> idOf(voice).equals(id))
        .findFirst()
        .orElseThrow(() -> notFound(id));
  }

  /** A page of those that are looked for. */
  synchronized Object page(Query query, Account account) throws ApiError {
    int size = query.number("page_size", USUAL_PAGE, 1, LONGEST_PAGE);
    int from = query.number("next_page_token", 0, 0, Integer.MAX_VALUE);
    List<ObjectNode> found = voices.stream().filter(voice -> isWanted(voice, query)).toList();
    int begin = Math.min(from, found.size());
    int end = Math.min(begin + Math.min(size, account.voicesPerPage()), found.size());
    boolean more = end < found.size();
    Map<String, Object> page = new LinkedHashMap<>();
    page.put("voices", found.subList(begin, end));
    page.put("has_more", more);
    page.put("total_count", found.size());
    page.put("next_page_token", more ? Integer.toString(end) : null);
    return page;
  }

  private static boolean isWanted(ObjectNode voice, Query query) {
    List<String> ids = query.all("voice_ids");
    String search = query.first("search").toLowerCase(Locale.ROOT);
    String category = query.first("category");
    return (ids.isEmpty() || ids.contains(idOf(voice)))
        && (category.isEmpty() || category.equals(voice.path("category").asString("")))
        && (voice.path("name").asString("") + ' ' + voice.path("description").asString(""))
            .concat(voice.path("labels").toString())
            .toLowerCase(Locale.ROOT)
            .contains(search);
  }

  /** Makes a clone. */
  synchronized Object cloneOf(Multipart form, Account account) throws ApiError {
    String name = form.text("name");
    if (name.isBlank() || name.length() > LONGEST_NAME) {
      throw ApiError.invalid(
          List.of("body", "name"), "A name of 1 to " + LONGEST_NAME + " characters", "missing");
    }
    int samples = form.count("files");
    if (samples == 0) {
      throw ApiError.invalid(List.of("body", "files"), "Field required", "missing");
    }
    if (samples > MOST_SAMPLES || form.hasEmpty("files")) {
      throw ApiError.of(400, "invalid_sample", "1 to 25 samples, none of them empty.");
    }
    if (!account.canClone()) {
      throw ApiError.of(
          400,
          "can_not_use_instant_voice_cloning",
          "Your subscription has no access to use instant voice cloning, please upgrade.");
    }
    if (clonesKept() >= account.voiceLimit()) {
      throw ApiError.of(
          400,
          "voice_limit_reached",
          "You have reached your maximum amount of custom voices (%1$d / %1$d)."
              .formatted(account.voiceLimit()));
    }
    clones++;
    String id = "clone" + clones;
    ObjectNode voice = Json.MAPPER.createObjectNode();
    voice.put("voice_id", id);
    voice.put("name", name);
    voice.put("category", CLONED);
    voice.put("description", form.text("description"));
    voice.putObject("labels");
    voices.add(voice);
    return new Added(id, false);
  }

  /** Deletes one. */
  synchronized Object delete(String id, Account account) throws ApiError {
    boolean found = voices.removeIf(voice -> idOf(voice).equals(id));
    if (!found && !account.knowsAnyName()) {
      throw notFound(id);
    }
    if (found) {
      deleted.add(id);
    }
    return Map.of("status", "ok");
  }

  static ApiError notFound(String id) {
    return ApiError.of(404, "voice_not_found", "A voice with voice_id " + id + " was not found.");
  }

  private static String idOf(ObjectNode voice) {
    return voice.path("voice_id").asString("");
  }

  private static boolean isClone(ObjectNode voice) {
    return voice.path("category").asString("").equals(CLONED);
  }

  private record Added(String voiceId, boolean requiresVerification) {}
}
