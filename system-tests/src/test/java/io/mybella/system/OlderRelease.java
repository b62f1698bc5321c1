package io.mybella.system;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.Route;
import io.mybella.local.Service;
import io.mybella.local.TestPlatform;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A release of the web app from before the running gateway, as it is while gateways are exchanged:
 * its files are shared and differ from those that run here, and a browser has a page of it.
 */
final class OlderRelease implements AutoCloseable {

  /** What the address of its files begins with. */
  static final String ROOT = "/assets/01de501de501/";

  /** How it calls what is now "Meet the family". */
  static final String HEADING = "Meet the old family";

  private static final String SHARE =
      """
      with running as (
        select digest, started_at from web_release order by started_at desc limit 1),
      older as (
        insert into web_release (digest, started_at)
        select '01de501de501', started_at - interval '1 day' from running returning digest)
      insert into web_file (digest, path, content)
      select older.digest, path,
        case when path = 'web/app/persona-app.js'
          then convert_to(
            replace(convert_from(content, 'UTF8'), 'Meet the family', 'Meet the old family'), 'UTF8')
          else content end
      from web_file join running using (digest), older
      """;

  private static final String FORGET = "delete from web_release where digest = '01de501de501'";

  private static final Pattern RUNNING_ROOT = Pattern.compile("/assets/[0-9a-f]{12}/");
  private static final Pattern IMPORT_MAP =
      Pattern.compile("<script type=\"importmap\">(.*?)</script>");

  private final TestPlatform platform;

  private OlderRelease(TestPlatform platform) {
    this.platform = platform;
  }

  /** Shares its files with the running gateway. */
  static OlderRelease shared(TestPlatform platform) throws SQLException {
    var release = new OlderRelease(platform);
    release.execute(SHARE);
    return release;
  }

  /**
   * From now on the browser gets its page of the personas: that of the running one but for the
   * addresses.
   */
  void showIn(Page browser) {
    browser.route(
        "**/users/personas",
        route -> {
          APIResponse running = route.fetch();
          String html = RUNNING_ROOT.matcher(running.text()).replaceAll(ROOT);
          Map<String, String> headers = new HashMap<>(running.headers());
          headers.remove("content-encoding");
          headers.computeIfPresent(
              "content-security-policy",
              (_, policy) -> policy.replace(hashOfImports(running.text()), hashOfImports(html)));
          route.fulfill(
              new Route.FulfillOptions()
                  .setStatus(running.status())
                  .setHeaders(headers)
                  .setBody(html));
        });
  }

  private static String hashOfImports(String html) {
    Matcher imports = IMPORT_MAP.matcher(html);
    if (!imports.find()) {
      throw new AssertionError("No import map in " + html);
    }
    try {
      MessageDigest digest = MessageDigest.getInstance("SHA-256");
      return Base64.getEncoder().encodeToString(digest.digest(imports.group(1).getBytes(UTF_8)));
    } catch (NoSuchAlgorithmException absent) {
      throw new IllegalStateException("Every JDK has SHA-256", absent);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Connection database = platform.superuser(Service.GATEWAY);
        Statement statement = database.createStatement()) {
      statement.execute(sql);
    }
  }

  /** Its files are shared no more. */
  @Override
  public void close() throws SQLException {
    execute(FORGET);
  }
}
