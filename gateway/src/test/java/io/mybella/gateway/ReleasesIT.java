package io.mybella.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.mybella.web.ReleaseStore;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.springframework.beans.factory.annotation.Autowired;
import org.springframework.transaction.annotation.Transactional;

/** Gateways of several releases on one database. */
class ReleasesIT extends GatewayTest {

  private static final Pattern ADDRESS =
      Pattern.compile("(?:href|src)=\"/assets/([0-9a-f]{12})/([^\"]+)\"");

  @Autowired ReleaseStore store;

  @Test
  void aGatewayHasSharedAllThatItsPagesNameBeforeItIsReady() {
    var named = ADDRESS.matcher(browser().get("/login").body()).results().toList();
    assertThat(named).hasSizeGreaterThan(2);
    assertThat(named)
        .allSatisfy(
            address ->
                assertThat(store.find(address.group(1), address.group(2)))
                    .as(address.group())
                    .isPresent());
  }

  @Test
  void thePageOfAnotherReleaseGetsItsOwnFiles() {
    store.keep("a0a0a0a0a0a0", Map.of("web/app/api.js", "export const old = 1;".getBytes(UTF_8)));

    var shared = browser().get("/assets/a0a0a0a0a0a0/web/app/api.js");
    var notShared = browser().get("/assets/a0a0a0a0a0a0/web/app/when.js");
    var never = browser().get("/assets/a0a0a0a0a0a0/web/app/never.js");

    assertThat(shared.body()).isEqualTo("export const old = 1;");
    assertThat(shared.headers().firstValue("Content-Type")).contains("text/javascript");
    assertThat(shared.headers().firstValue("Cache-Control")).contains("no-store");
    assertThat(notShared.body()).contains("export function when");
    assertThat(never.statusCode()).isEqualTo(404);
  }

  @Test
  @Transactional // rolled back, for this gateway's own release has to stay
  void theLastReleasesAreKeptByWhenTheyWereStarted() {
    Map<String, byte[]> files = Map.of("web/app/x.js", new byte[] {1});
    for (String digest : List.of("111111111111", "222222222222", "333333333333")) {
      store.keep(digest, files);
    }
    store.keep("111111111111", files); // somebody went back
    store.keep("444444444444", files);

    assertThat(store.find("222222222222", "web/app/x.js")).isEmpty();
    assertThat(List.of("111111111111", "333333333333", "444444444444"))
        .allMatch(digest -> store.find(digest, "web/app/x.js").isPresent());
  }
}
