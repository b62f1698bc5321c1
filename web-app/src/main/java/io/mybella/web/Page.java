package io.mybella.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.stream.Collectors.joining;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.springframework.core.io.ClassPathResource;
import org.springframework.http.CacheControl;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.util.HtmlUtils;

/**
 * A page of the web app, made once at the start.
 *
 * @param html the whole document
 * @param policy what it may load: only what this gateway serves, and no inline script but the
 *     import map. Lit's constructable style sheets need no permission.
 */
record Page(String html, String policy) {

  private static final MediaType HTML = new MediaType(MediaType.TEXT_HTML, UTF_8);

  static Page of(String name, Assets assets, WaysToSignIn ways) {
    ImportMap imports = ImportMap.of(assets);
    String preload =
        assets.modules().stream()
            .map("    <link rel=\"modulepreload\" href=\"%s\">"::formatted)
            .collect(joining("\n"));
    String html =
        template(name)
            .replace("{{assets}}", assets.root())
            .replace("{{import-map}}", imports.json())
            .replace("{{preload}}", preload)
            .replace("{{sign-in-ways}}", attributes(ways));
    String policy =
        String.join(
            "; ",
            "default-src 'none'",
            "script-src 'self' " + imports.cspSource(),
            "style-src 'self'",
            "img-src 'self' blob: data:",
            "media-src 'self' blob:",
            "connect-src 'self'",
            "font-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'");
    return new Page(html, policy);
  }

  /**
   * The answer. The page names its files by their content, so it alone has to be asked for anew.
   */
  ResponseEntity<String> answer() {
    return ResponseEntity.ok()
        .contentType(HTML)
        .cacheControl(CacheControl.noCache().cachePrivate())
        .header("Content-Security-Policy", policy)
        .body(html);
  }

  /** For the components that must know how people may sign in. */
  private static String attributes(WaysToSignIn ways) {
    String provider =
        ways.provider() == null
            ? ""
            : " provider=\"%s\"".formatted(HtmlUtils.htmlEscape(ways.provider(), "UTF-8"));
    return (ways.localAccounts() ? " local-accounts" : "") + provider;
  }

  private static String template(String name) {
    try {
      return new ClassPathResource(Assets.FILES + "/pages/" + name).getContentAsString(UTF_8);
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }
}
