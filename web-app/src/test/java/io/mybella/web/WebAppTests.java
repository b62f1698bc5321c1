package io.mybella.web;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.springframework.test.web.servlet.request.MockMvcRequestBuilders.get;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.content;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.header;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.redirectedUrl;
import static org.springframework.test.web.servlet.result.MockMvcResultMatchers.status;

import java.net.URI;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.context.annotation.Bean;
import org.springframework.core.io.Resource;
import org.springframework.core.io.support.PathMatchingResourcePatternResolver;
import org.springframework.http.HttpHeaders;
import org.springframework.mock.web.MockServletContext;
import org.springframework.test.web.servlet.MockMvc;
import org.springframework.test.web.servlet.setup.MockMvcBuilders;
import org.springframework.web.context.support.AnnotationConfigWebApplicationContext;
import org.springframework.web.servlet.config.annotation.EnableWebMvc;
import tools.jackson.databind.json.JsonMapper;

class WebAppTests {

  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>", Pattern.DOTALL);
  private static final Pattern IMPORT = Pattern.compile("(?:from|import)\\s*['\"]([^'\"]+)['\"]");

  private static final ReleaseStore RELEASES = new Releases(new ConcurrentHashMap<>());

  private MockMvc browser;

  @BeforeEach
  void startWebAppAlone() {
    var context = new AnnotationConfigWebApplicationContext();
    context.setServletContext(new MockServletContext());
    context.register(WebMvc.class, WebAppConfiguration.class);
    context.refresh();
    browser = MockMvcBuilders.webAppContextSetup(context).build();
  }

  @ParameterizedTest
  @ValueSource(strings = {"/login", "/users/personas", "/users/account"})
  void policyAllowsTheImportMapOfThePageAndNoOtherInlineScript(String path) throws Exception {
    var response = browser.perform(get(path)).andExpect(status().isOk()).andReturn().getResponse();
    String html = response.getContentAsString();
    String policy = response.getHeader("Content-Security-Policy");

    byte[] hash = MessageDigest.getInstance("SHA-256").digest(importMap(html).getBytes(UTF_8));
    assertThat(policy)
        .contains("'sha256-" + Base64.getEncoder().encodeToString(hash) + "'")
        .contains("default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'")
        .doesNotContain("unsafe", "*", "http");
    assertThat(html)
        .doesNotContain("{{", "<style", " style=")
        .doesNotContainPattern("<script type=\"module\">")
        .doesNotContainPattern("\\son[a-z]+=");
  }

  @Test
  void everyModuleImportsOnlyWhatIsServed() throws Exception {
    assertThat(everyModule())
        .hasSizeGreaterThan(15)
        .anyMatch(address -> address.endsWith("lit/index.js"));
  }

  /** Addresses of the pages' modules and of all that they import. */
  private List<String> everyModule() throws Exception {
    String html = page("/users/personas");
    Map<?, ?> map =
        (Map<?, ?>) JsonMapper.shared().readValue(importMap(html), Map.class).get("imports");
    List<String> addresses =
        new ArrayList<>(List.of("app/persona-app.js", "app/account-page.js", "app/sign-in.js"));
    addresses.replaceAll(name -> new Assets().root() + "/web/" + name);
    for (int next = 0; next < addresses.size(); next++) {
      String address = addresses.get(next);
      String source =
          browser
              .perform(get(address))
              .andExpect(status().isOk())
              .andExpect(
                  header().string(HttpHeaders.CACHE_CONTROL, "max-age=31536000, public, immutable"))
              .andReturn()
              .getResponse()
              .getContentAsString();
      for (MatchResult found : IMPORT.matcher(source).results().toList()) {
        String imported = resolve(found.group(1), address, map);
        if (!addresses.contains(imported)) {
          addresses.add(imported);
        }
      }
    }
    return addresses;
  }

  @Test
  void pageIsAskedForAnewAndItsFilesAreKeptForGood() throws Exception {
    browser
        .perform(get("/login"))
        .andExpect(header().string(HttpHeaders.CACHE_CONTROL, "no-cache, private"))
        .andExpect(header().string(HttpHeaders.CONTENT_TYPE, "text/html;charset=UTF-8"));
    browser
        .perform(get(new Assets().root() + "/web/icons/mybella.svg"))
        .andExpect(status().isOk())
        .andExpect(header().string(HttpHeaders.CONTENT_TYPE, "image/svg+xml"));
  }

  /** While gateways are exchanged one by one, pages of either release get their files from both. */
  @ParameterizedTest
  @ValueSource(strings = {"web/icons/mybella.svg", "web/app/api.js", "lit-html/lit-html.js"})
  void filesOfAnotherReleaseAreServedFromThisOneAndNotKept(String file) throws Exception {
    String own =
        browser
            .perform(get(new Assets().root() + "/" + file))
            .andReturn()
            .getResponse()
            .getContentAsString();
    browser
        .perform(get("/assets/0123456789ab/" + file))
        .andExpect(status().isOk())
        .andExpect(content().string(own))
        .andExpect(header().string(HttpHeaders.CACHE_CONTROL, "no-store"));
  }

  /** What another release has renamed since, or changed so that it does not fit any more. */
  @ParameterizedTest
  @ValueSource(strings = {"web/app/renamed-since.js", "web/app/api.js", "lit-html/lit-html.js"})
  void filesThatAnotherReleaseHasSharedAreItsOwn(String file) throws Exception {
    RELEASES.keep("ba9876543210", Map.of(file, "export {};".getBytes(UTF_8)));
    browser
        .perform(get("/assets/ba9876543210/" + file))
        .andExpect(status().isOk())
        .andExpect(content().string("export {};"))
        .andExpect(header().string(HttpHeaders.CONTENT_TYPE, "text/javascript"))
        .andExpect(header().string(HttpHeaders.CACHE_CONTROL, "no-store"));
  }

  @Test
  void everythingThatIsServedIsSharedWithOtherReleases() throws Exception {
    var assets = new Assets();
    Map<String, byte[]> shared = assets.contents();

    assertThat(shared.keySet())
        .contains("web/styles/base.css", "web/images/welcome.webp", "lit-html/directives/repeat.js")
        .containsAll(
            everyModule().stream()
                .map(address -> address.substring(assets.root().length() + 1))
                .toList())
        .noneMatch(path -> path.contains("pages/") || path.contains("development/"))
        .allMatch(path -> path.length() <= 100);
    for (String path : shared.keySet()) {
      byte[] served =
          browser
              .perform(get(assets.root() + "/" + path))
              .andReturn()
              .getResponse()
              .getContentAsByteArray();
      assertThat(shared.get(path)).as(path).isEqualTo(served);
    }
  }

  @Test
  void signInPageKnowsTheWaysToSignIn() throws Exception {
    assertThat(page("/login"))
        .contains(
            "<sign-in local-accounts provider=\"Mill &amp; &quot;Sons&quot;"
                + " &lt;b&gt;\"></sign-in>");
    assertThat(page("/users/account")).contains("<account-page local-accounts provider=");
  }

  @Test
  void signedInCallerWhoFailedToSignInAgainIsTold() throws Exception {
    browser.perform(get("/login?problem=stale").principal(() -> "1")).andExpect(status().isOk());
  }

  @Test
  void signedInCallerIsLedFromTheSignInPageToThePersonas() throws Exception {
    browser
        .perform(get("/login").principal(() -> "1"))
        .andExpect(redirectedUrl("/users/personas"))
        .andExpect(header().string(HttpHeaders.CACHE_CONTROL, "no-store"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/web/pages/personas.html",
        "/web/app/../pages/login.html",
        "/web/app/%2e%2e/%2e%2e/application.yaml",
        "/lit/../../../maven/pom.properties",
        "/web/app/absent.js"
      })
  void nothingElseOfTheClassPathIsServed(String path) throws Exception {
    for (String root : List.of(new Assets().root(), "/assets/0123456789ab")) {
      browser.perform(get(URI.create(root + path))).andExpect(status().is4xxClientError());
    }
  }

  @Test
  void sourcesNeverWriteMarkupFromDataAndNameNoForeignAddress() throws Exception {
    Resource[] sources =
        new PathMatchingResourcePatternResolver().getResources("classpath:mybella/web/app/*.js");
    assertThat(sources).hasSizeGreaterThan(10);
    for (Resource source : sources) {
      assertThat(source.getContentAsString(UTF_8).replaceAll("(?m)^ \\* https://.*$", ""))
          .as(source.getFilename())
          .doesNotContainPattern(
              "innerHTML|outerHTML|insertAdjacentHTML|document\\.write|unsafeHTML|unsafeSVG")
          .doesNotContainPattern("\\beval\\(|new Function|https?://")
          .doesNotContainPattern("\\sstyle=");
    }
  }

  private String page(String path) throws Exception {
    return browser.perform(get(path)).andReturn().getResponse().getContentAsString();
  }

  private static String importMap(String html) {
    var matcher = IMPORT_MAP.matcher(html);
    assertThat(matcher.find()).isTrue();
    return matcher.group(1);
  }

  private static String resolve(String imported, String address, Map<?, ?> map) {
    if (imported.startsWith(".")) {
      return URI.create(address).resolve(imported).toString();
    }
    Object exact = map.get(imported);
    if (exact != null) {
      return exact.toString();
    }
    String folder =
        map.keySet().stream()
            .map(Object::toString)
            .filter(name -> name.endsWith("/") && imported.startsWith(name))
            .findFirst()
            .orElseThrow(() -> new AssertionError("The import map does not know " + imported));
    return map.get(folder) + imported.substring(folder.length());
  }

  /** A store as simple as it goes. */
  private record Releases(Map<String, byte[]> files) implements ReleaseStore {

    @Override
    public void keep(String digest, Map<String, byte[]> contents) {
      contents.forEach((path, content) -> files.put(digest + "/" + path, content));
    }

    @Override
    public Optional<byte[]> find(String digest, String path) {
      return Optional.ofNullable(files.get(digest + "/" + path));
    }
  }

  @EnableWebMvc
  static class WebMvc {

    @Bean
    ReleaseStore releases() {
      return RELEASES;
    }

    @Bean
    WaysToSignIn ways() {
      return new WaysToSignIn(true, "Mill & \"Sons\" <b>");
    }
  }
}
