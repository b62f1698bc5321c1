package io.mybella.system;

import com.microsoft.playwright.Browser;
import com.microsoft.playwright.BrowserContext;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.util.ArrayList;
import java.util.List;

/** A browser profile without a past. What its pages complain about is kept. */
final class Incognito implements AutoCloseable {

  private final Browser browser;
  private final String baseUrl;
  private final List<BrowserContext> contexts = new ArrayList<>();
  private final List<String> complaints = new ArrayList<>();

  Incognito(Browser browser, String baseUrl) {
    this.browser = browser;
    this.baseUrl = baseUrl;
  }

  /** A window of a desktop, with a profile of its own. */
  PersonasPage desktop() {
    return window(1280, 900, ColorScheme.LIGHT);
  }

  /** A narrow phone in the dark, with a profile of its own. */
  PersonasPage phone() {
    return window(360, 740, ColorScheme.DARK);
  }

  PersonasPage window(int width, int height, ColorScheme colours) {
    BrowserContext context =
        browser.newContext(
            new Browser.NewContextOptions()
                .setBaseURL(baseUrl)
                .setViewportSize(width, height)
                .setColorScheme(colours)
                .setLocale("en-GB"));
    contexts.add(context);
    Page page = context.newPage();
    page.onConsoleMessage(
        message -> {
          if (message.type().equals("error") || message.type().equals("warning")) {
            complaints.add(message.text() + " (" + message.location() + ")");
          }
        });
    page.onPageError(complaints::add);
    return new PersonasPage(page);
  }

  /** What the console showed: errors, warnings, violations of the content security policy. */
  List<String> complaints() {
    return List.copyOf(complaints);
  }

  @Override
  public void close() {
    contexts.forEach(BrowserContext::close);
  }
}
