package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.ScreenshotAnimations;
import io.mybella.local.LocalPlatform;
import java.nio.file.Path;
import java.util.List;

/** The page of one's account as a person sees it: by its words, not by its markup. */
final class AccountPage {

  private final PersonasPage window;
  private final Page page;

  AccountPage(PersonasPage window) {
    this.window = window;
    this.page = window.browser();
  }

  Page browser() {
    return page;
  }

  /** Waits until everything is there. */
  AccountPage opened() {
    assertThat(window.heading("Your account")).isVisible();
    assertThat(window.heading("Delete the account")).isVisible();
    return this;
  }

  /** Loads the page anew. */
  AccountPage reload() {
    page.reload();
    return opened();
  }

  /** Sends the form of the password, whatever comes of it. */
  AccountPage changePassword(String current, String replacement) {
    field("Current password").fill(current);
    field("New password").fill(replacement);
    window.button("Change password").click();
    return this;
  }

  /** What is said of each session, the list's order. */
  List<String> sessions() {
    return entries("Where you are signed in").allInnerTexts();
  }

  /** The entries of the list under a heading. */
  Locator entries(String heading) {
    return page.getByRole(AriaRole.LIST, named(heading)).getByRole(AriaRole.LISTITEM);
  }

  /** The buttons that end the other sessions. */
  Locator endings() {
    return page.getByRole(
        AriaRole.BUTTON, new Page.GetByRoleOptions().setName("End the session of"));
  }

  /** Sends the form of a new key, whatever comes of it. */
  AccountPage createKey(String name) {
    field("Name of a new key").fill(name);
    window.button("Create key").click();
    return this;
  }

  /** The secret of the key that was just made. */
  Locator secret() {
    return page.locator("code");
  }

  /** Asks for the end of the account; the question whether one is sure is open then. */
  Locator delete(String password) {
    field("Your password").fill(password);
    window.button("Delete my account").click();
    return question("Delete your account?");
  }

  /** The dialog that asks a question. */
  Locator question(String title) {
    Locator dialog = page.getByRole(AriaRole.DIALOG, named(title));
    assertThat(dialog).isVisible();
    return dialog;
  }

  /** Answers a question. */
  static void answer(Locator question, String button) {
    question.getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName(button)).click();
    assertThat(question).isHidden();
  }

  /** A field by its label. */
  Locator field(String label) {
    return page.getByLabel(label, new Page.GetByLabelOptions().setExact(true));
  }

  /** Waits until a field says what is wrong with it, and has the focus. */
  void assertWrong(String label, String message) {
    assertThat(field(label)).hasAttribute("aria-invalid", "true");
    assertThat(field(label)).hasAccessibleDescription(message);
    assertThat(field(label)).isFocused();
  }

  /** Waits until the page says something to eyes and screen readers. */
  void assertSays(String words) {
    assertThat(page.getByRole(AriaRole.STATUS).getByText(words)).isVisible();
  }

  /** By how many pixels the page is wider than its window. */
  int overflow() {
    return window.overflow();
  }

  /**
   * Keeps a picture of the page as it is, for people to look at: {@code
   * system-tests/target/pictures}.
   */
  AccountPage picture(String name) {
    page.screenshot(
        new Page.ScreenshotOptions()
            .setFullPage(true)
            .setAnimations(ScreenshotAnimations.DISABLED)
            .setPath(
                Path.of(
                    LocalPlatform.projectRoot().toString(),
                    "system-tests/target/pictures",
                    "account-%s-%d.png".formatted(name, page.viewportSize().width))));
    return this;
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
