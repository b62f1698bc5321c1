package io.mybella.web;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/**
 * Tells browsers where the modules are that the app imports by name. An import map must stand in
 * the page itself, so the page's policy allows exactly this text by its hash.
 *
 * @param json the map's text, as it stands in the page
 */
record ImportMap(String json) {

  static ImportMap of(Assets assets) {
    Map<String, String> imports = new LinkedHashMap<>();
    for (Assets.Library library : assets.libraries()) {
      String folder = assets.root() + "/" + library.folder() + "/";
      imports.put(library.name(), folder + library.entry());
      imports.put(library.name() + "/", folder);
    }
    return new ImportMap(JsonMapper.shared().writeValueAsString(Map.of("imports", imports)));
  }

  /** As a source of a content security policy: {@code 'sha256-…'}. */
  String cspSource() {
    try {
      byte[] hash = MessageDigest.getInstance("SHA-256").digest(json.getBytes(UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(hash) + "'";
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256", absent);
    }
  }
}
