package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import io.mybella.local.TestPlatform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Listening to a reply while its speech is still on its way. */
@ExtendWith({PlatformExtension.class, BrowserExtension.class})
class ListenIT {

  /** From now on only half of a speech comes, until {@code line} says how it goes on. */
  private static final String HALF =
      """
      () => {
        const fetched = window.fetch;
        window.fetch = async (path, options) => {
          const answer = await fetched(path, options);
          if (!String(path).endsWith('/voice/speech')) return answer;
          const speech = new Uint8Array(await answer.arrayBuffer());
          const half = speech.length / 2;
          const body = new ReadableStream({
            start(stream) {
              stream.enqueue(speech.slice(0, half));
              window.line = {
                goOn() {
                  stream.enqueue(speech.slice(half));
                  stream.close();
                },
                breakOff: () => stream.error(new TypeError('network error')),
                left: () => options.signal.aborted,
              };
            },
          });
          return new Response(body, {headers: answer.headers});
        };
      }
      """;

  private static final String PLAYS = "player => player.currentTime > 0.2 && !player.error";

  @Test
  void speechIsHeardWhileItComesAndLeftWhenItIsStopped(Incognito incognito, TestPlatform platform) {
    PersonasPage page = incognito.desktop().enter(platform, "Lis");
    page.say("Tell me something kind");
    page.browser().evaluate(HALF);
    Locator player = page.browser().locator("audio");

    // The first half is heard, then all of it is there.
    page.button("Listen").click();
    awaitThat(page, player, PLAYS);
    assertThat(player.evaluate("player => player.duration === Infinity")).isEqualTo(true);
    page.browser().evaluate("() => line.goOn()");
    awaitThat(page, player, "player => player.duration < 120");
    page.button("Stop").click();
    assertThat(player).hasCount(0);
    assertThat(page.button("Listen")).isFocused();

    // Whoever stops early does not wait for the rest.
    page.button("Listen").click();
    awaitThat(page, player, PLAYS);
    page.button("Stop").click();
    assertThat(player).hasCount(0);
    assertThat(page.browser().evaluate("() => line.left()")).isEqualTo(true);

    // What has come is heard, and said to be not all.
    page.button("Listen").click();
    awaitThat(page, player, PLAYS);
    page.browser().evaluate("() => line.breakOff()");
    assertThat(page.browser().getByText("The connection was lost before")).isVisible();
    awaitThat(page, player, PLAYS);
    page.button("Stop").click();

    // A browser that cannot play pieces waits for the whole.
    page.browser().evaluate("() => { window.MediaSource = undefined; window.line = undefined; }");
    page.button("Listen").click();
    page.browser().waitForFunction("() => window.line");
    assertThat(page.browser().getByText("Getting the voice…")).isVisible();
    assertThat(player).hasCount(0);
    page.browser().evaluate("() => line.goOn()");
    awaitThat(page, player, PLAYS);
    assertThat(incognito.complaints()).isEmpty();
  }

  private static void awaitThat(PersonasPage page, Locator player, String condition) {
    page.browser().waitForCondition(() -> (Boolean) player.evaluate(condition));
  }
}
