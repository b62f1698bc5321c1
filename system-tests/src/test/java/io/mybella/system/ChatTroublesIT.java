package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.AriaRole;
import io.mybella.local.TestPlatform;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A chat whose session ends, whose connection breaks, whose reader looks elsewhere. */
@ExtendWith({PlatformExtension.class, BrowserExtension.class})
class ChatTroublesIT {

  /** From now on a chat answers what {@code dictate} says. */
  private static final String DICTATED =
      """
      () => {
        const fetched = window.fetch;
        window.fetch = (path, options) => {
          if (!String(path).endsWith('/chat')) return fetched(path, options);
          const text = new TextEncoder();
          const body = new ReadableStream({
            start(stream) {
              window.dictate = (event, data) =>
                  stream.enqueue(text.encode(`event:${event}\ndata:${JSON.stringify(data)}\n\n`));
            },
          });
          return Promise.resolve(new Response(body));
        };
      }
      """;

  /** Where the log stands once whatever was going to move it has done so. */
  private static final String DRAWN_TWICE =
      """
      log => new Promise(then =>
          requestAnimationFrame(() => requestAnimationFrame(() => then(log.scrollTop))))
      """;

  @Test
  void wordsOutliveTheSessionAndBelongToTheirWriter(Incognito incognito, TestPlatform platform) {
    Account ida = Account.register(platform, "Ida");
    PersonasPage page = incognito.desktop().enter(ida).select("Alex");
    ida.endSession();

    page.send("This took me a while to write");
    assertThat(page.trouble()).containsText("You have been signed out.");
    assertThat(page.box()).hasValue("This took me a while to write");
    page.trouble().getByRole(AriaRole.LINK).click();
    page.browser().waitForURL("**/login?return_to=%2Fusers%2Fpersonas");
    page.signInHere(ida.email(), Account.PASSWORD);

    assertThat(page.heading("Chat with Alex")).isVisible();
    assertThat(page.box()).hasValue("This took me a while to write");
    page.box().press("Enter");
    assertThat(page.button("Listen")).isVisible();
    assertThat(drafts(page)).isZero();

    page.box().fill("For Alex alone");
    page.select("Maya");
    assertThat(page.box()).hasValue("");
    page.select("Alex");
    assertThat(page.box()).hasValue("For Alex alone");
    page.enter(Account.register(platform, "Stranger"));
    page.select("Alex");
    assertThat(page.box()).hasValue("");
    assertThat(drafts(page)).isZero();
  }

  @Test
  void brokenAnswerIsShownAndMayBeAskedForAgain(Incognito incognito, TestPlatform platform)
      throws Exception {
    try (var line = new BreakingLine(platform.baseUrl())) {
      PersonasPage page = incognito.desktop().enter(platform, "Bran");
      page.browser().navigate(line.address() + "/users/personas");
      assertThat(page.heading("Chat with Isabella")).isVisible();

      line.fallSilentAt("event:reply");
      page.send("Is somebody there?");
      assertThat(page.log().locator("chat-message .text").nth(1)).not().isEmpty();
      line.breakNow();
      assertThat(page.trouble())
          .containsText("The connection was lost before the answer was complete.");
      assertThat(page.messages()).hasSize(2).doesNotContain("").contains("Is somebody there?");
      line.mend();
      page.button("Try again").click();
      assertThat(page.button("Listen")).isVisible();
      assertThat(page.trouble()).isEmpty();

      // The platform hears it, the browser learns nothing of that.
      line.breakAt("HTTP/1.1 200");
      page.send("And now?");
      assertThat(page.trouble()).containsText("MyBella cannot be reached.");
      assertThat(page.box()).hasValue("And now?");
      line.mend();
      page.button("Try again").click();
      assertThat(page.button("Listen")).hasCount(2);

      List<String> shown = page.messages();
      assertThat(shown).hasSize(4).containsOnlyOnce("Is somebody there?", "And now?");
      page.browser().reload();
      assertThat(page.button("Listen")).hasCount(2);
      assertThat(page.messages()).isEqualTo(shown);
    }
  }

  @Test
  void readerIsTakenAlongOnlyFromTheEnd(Incognito incognito, TestPlatform platform) {
    PersonasPage page = incognito.desktop().enter(platform, "Reed");
    page.browser().evaluate(DICTATED);
    page.send("Tell me everything");
    String tallerThanTheWindow = "line\n".repeat(60);

    dictate(page, "message", Map.of("id", "1", "role", "user", "content", "Tell me everything"));
    dictate(page, "delta", Map.of("text", "First. " + tallerThanTheWindow + "One."));
    awaitAtEnd(page, "One.");

    page.log().evaluate("log => log.scrollTop -= 300");
    Object read = page.log().evaluate("log => log.scrollTop");
    dictate(page, "delta", Map.of("text", tallerThanTheWindow + "Two."));
    assertThat(page.log()).containsText("Two.");
    assertThat(page.log().evaluate(DRAWN_TWICE)).isEqualTo(read);

    page.log().evaluate("log => log.scrollTop = log.scrollHeight");
    dictate(page, "delta", Map.of("text", tallerThanTheWindow + "Three."));
    awaitAtEnd(page, "Three.");
  }

  private static void dictate(PersonasPage page, String event, Map<String, String> data) {
    page.browser().waitForFunction("() => window.dictate");
    page.browser().evaluate("([event, data]) => dictate(event, data)", List.of(event, data));
  }

  private static void awaitAtEnd(PersonasPage page, String words) {
    assertThat(page.log()).containsText(words);
    page.browser()
        .waitForCondition(
            () ->
                (Boolean)
                    page.log()
                        .evaluate(
                            "log => log.scrollHeight - log.scrollTop - log.clientHeight < 2"));
  }

  private static int drafts(PersonasPage page) {
    return (Integer) page.browser().evaluate("() => sessionStorage.length");
  }
}
