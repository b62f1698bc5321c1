package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.assertions.PlaywrightAssertions;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.Cookie;
import com.microsoft.playwright.options.FilePayload;
import io.mybella.local.TestPlatform;
import java.util.List;
import java.util.UUID;

/** The web app as a person sees it: by its words, not by its markup. */
final class PersonasPage {

  /** Long enough for a machine that has other work to do. */
  private static final double PATIENCE_MILLIS = 60_000;

  private final Page page;
  private String email = "";

  PersonasPage(Page page) {
    this.page = page;
    page.setDefaultTimeout(PATIENCE_MILLIS);
    PlaywrightAssertions.setDefaultAssertionTimeout(PATIENCE_MILLIS);
  }

  Page browser() {
    return page;
  }

  /** Creates an account through the page and ends on the personas. */
  PersonasPage register(String name) {
    page.navigate("/users/personas");
    page.waitForURL("**/login");
    button("Create an account").click();
    page.getByLabel("Your name").fill(name);
    email = UUID.randomUUID() + "@example.org";
    page.getByLabel("E-mail address").fill(email);
    page.getByLabel("Password").fill(Account.PASSWORD);
    button("Create account").click();
    page.waitForURL("**/users/personas");
    assertThat(heading("Meet the family")).isVisible();
    return this;
  }

  /** Takes up the session of a new account, made without the page, and ends on the personas. */
  PersonasPage enter(TestPlatform platform, String name) {
    return enter(Account.register(platform, name));
  }

  /** Takes up the session of an account and ends on the personas. */
  PersonasPage enter(Account account) {
    email = account.email();
    account
        .cookies()
        .forEach(
            (cookie, value) ->
                page.context()
                    .addCookies(
                        List.of(new Cookie(cookie, value).setUrl(account.server().toString()))));
    page.navigate("/users/personas");
    assertThat(heading("Meet the family")).isVisible();
    return this;
  }

  /** Signs in to an account through the page and ends on the personas. */
  PersonasPage signIn(String address, String password) {
    page.navigate("/login");
    return signInHere(address, password);
  }

  /** Signs in on the sign-in page that is open already, and ends on the personas. */
  PersonasPage signInHere(String address, String password) {
    email = address;
    sendSignIn(address, password);
    page.waitForURL("**/users/personas");
    assertThat(heading("Meet the family")).isVisible();
    return this;
  }

  /** Sends what the form of the sign-in page takes, whatever comes of it. */
  void tryToSignIn(String address, String password) {
    page.navigate("/login");
    sendSignIn(address, password);
  }

  private void sendSignIn(String address, String password) {
    page.getByLabel("E-mail address").fill(address);
    page.getByLabel("Password").fill(password);
    button("Sign in").click();
  }

  /** Goes to the page of the account. */
  AccountPage account() {
    page.getByRole(AriaRole.LINK, new Page.GetByRoleOptions().setName("Your account")).click();
    page.waitForURL("**/users/account");
    return new AccountPage(this).opened();
  }

  /** The address of the account that was registered or signed in to here. */
  String email() {
    return email;
  }

  /** Names on the cards of the built-in personas, in their order. */
  List<String> family() {
    return list("Meet the family").getByRole(AriaRole.HEADING).allInnerTexts();
  }

  /** Names on the cards of the person's own personas, in their order. */
  List<String> own() {
    return page.getByRole(AriaRole.LIST, named("Made by you"))
        .getByRole(AriaRole.HEADING)
        .allInnerTexts();
  }

  /** Whether every picture of the family has really been loaded and decoded. */
  boolean familyHasPictures() {
    Locator pictures = list("Meet the family").locator("img");
    page.waitForCondition(
        () ->
            pictures.count() == 6
                && (Boolean)
                    pictures.evaluateAll("all => all.every(each => each.naturalWidth === 512)"));
    return true;
  }

  /** Creates a persona in the dialog with a picture and the first ready voice. */
  PersonasPage create(String name, String tagline, String description, FilePayload picture) {
    button("New persona").click();
    Locator dialog = page.getByRole(AriaRole.DIALOG, named("A new persona"));
    textbox(dialog, "Name").fill(name);
    textbox(dialog, "Tagline").fill(tagline);
    textbox(dialog, "Description").fill(description);
    textbox(dialog, "Traits").fill("curious, patient, " + tagline);
    dialog.getByLabel("Picture").setInputFiles(picture);
    Locator voices =
        dialog.getByLabel("Ready voice", new Locator.GetByLabelOptions().setExact(true));
    assertThat(voices.locator("option").nth(1)).isAttached();
    voices.selectOption(voices.locator("option").nth(1).getAttribute("value"));
    dialog
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Create persona"))
        .click();
    assertThat(dialog).isHidden();
    assertThat(heading(name)).isVisible();
    return this;
  }

  /** Makes a persona the active one. */
  PersonasPage select(String name) {
    button("Select " + name).click();
    assertThat(heading("Chat with " + name)).isVisible();
    assertThat(page.locator("active-persona").getByRole(AriaRole.HEADING)).hasText(name);
    assertThat(log()).hasAttribute("aria-busy", "false");
    return this;
  }

  /** Says something and waits until the reply is there in full. */
  PersonasPage say(String words) {
    int before = messages().size();
    send(words);
    assertThat(page.locator("chat-message")).hasCount(before + 2);
    assertThat(log()).hasAttribute("aria-busy", "false");
    assertThat(button("Listen").last()).isVisible();
    return this;
  }

  /** Says something, whatever comes of it. */
  PersonasPage send(String words) {
    box().fill(words);
    box().press("Enter");
    return this;
  }

  /** Looks for words in what was said to the active persona. */
  PersonasPage find(String words) {
    button("Search our conversation").click();
    Locator search = page.getByRole(AriaRole.SEARCH);
    search.getByRole(AriaRole.SEARCHBOX).fill(words);
    search.getByRole(AriaRole.SEARCHBOX).press("Enter");
    return this;
  }

  /** Where messages are written. */
  Locator box() {
    return page.getByLabel("Message to");
  }

  /** What went wrong in the chat, as it is said there. */
  Locator trouble() {
    return page.locator("chat-panel").getByRole(AriaRole.ALERT);
  }

  /** What the chat shows, oldest first. */
  List<String> messages() {
    assertThat(log()).hasAttribute("aria-busy", "false");
    return page.locator("chat-message .text").allInnerTexts();
  }

  /** Deletes a persona and waits until its erasure is complete in every service. */
  void delete(String name) {
    button("Delete " + name).click();
    page.getByRole(AriaRole.DIALOG, named("Delete " + name + "?"))
        .getByRole(AriaRole.BUTTON, new Locator.GetByRoleOptions().setName("Delete"))
        .click();
    assertThat(button("Delete " + name)).hasCount(0);
    assertThat(page.getByText(name + ": erased everywhere.")).isVisible();
  }

  Locator button(String name) {
    return page.getByRole(AriaRole.BUTTON, named(name));
  }

  Locator heading(String name) {
    return page.getByRole(AriaRole.HEADING, named(name));
  }

  Locator log() {
    return page.getByRole(AriaRole.LOG);
  }

  /** By how many pixels the page is wider than its window. */
  int overflow() {
    return (Integer) page.evaluate("() => document.documentElement.scrollWidth - innerWidth");
  }

  private Locator list(String name) {
    return page.getByRole(AriaRole.LIST, named(name));
  }

  private static Locator textbox(Locator within, String label) {
    return within.getByRole(
        AriaRole.TEXTBOX, new Locator.GetByRoleOptions().setName(label).setExact(true));
  }

  private static Page.GetByRoleOptions named(String name) {
    return new Page.GetByRoleOptions().setName(name).setExact(true);
  }
}
