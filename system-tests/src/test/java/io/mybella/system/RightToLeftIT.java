package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import io.mybella.local.TestPlatform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Names and words that run from right to left, in a page that runs from left to right. */
@ExtendWith({PlatformExtension.class, BrowserExtension.class})
class RightToLeftIT {

  private static final String NAME = "ليلى القمر (2)";
  private static final String WORDS = "שלום! מה שלומך (היום)?";
  private static final String AND_MORE = "And a line in English.";

  @Test
  void everyTextRunsInItsOwnDirection(Incognito incognito, TestPlatform platform) {
    Account account = Account.register(platform, "Y");
    PersonasPage page = incognito.desktop().enter(account);
    page.create(NAME, "مرحبا! كيف حالك؟", "أنا ليلى.\n" + AND_MORE, Pictures.sunset()).select(NAME);
    page.say(WORDS + "\n" + AND_MORE);
    page.box().fill(WORDS);
    runsFromTheRight(page.box());
    looksRight(page);
    PersonasPage phone = incognito.phone().enter(account);
    looksRight(phone);
    assertThat(Barriers.of(phone.browser())).isEmpty();
  }

  private static void looksRight(PersonasPage page) {
    Page browser = page.browser();
    assertThat(page.button("Listen")).isVisible();
    runsFromTheRight(browser.locator("active-persona h2"));
    runsFromTheRight(browser.locator("persona-card h3").getByText(NAME));
    runsFromTheRight(browser.locator("chat-panel h2").getByText(NAME));
    runsFromTheRight(browser.locator("chat-message strong").getByText(NAME));
    Locator said = browser.locator("chat-message .text").first();
    runsFromTheRight(said);
    // In one message each line is read as its language is.
    assertThat(said).hasCSS("unicode-bidi", "plaintext");
    assertThat(page.overflow()).isZero();
  }

  private static void runsFromTheRight(Locator text) {
    assertThat(text).hasCSS("direction", "rtl");
  }
}
