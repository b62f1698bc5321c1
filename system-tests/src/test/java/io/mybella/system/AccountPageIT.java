package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Locator;
import com.microsoft.playwright.assertions.LocatorAssertions;
import com.microsoft.playwright.options.AriaRole;
import io.mybella.local.TestPlatform;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The page of one's account, on a desktop and on a narrow phone in the dark. */
@ExtendWith({PlatformExtension.class, BrowserExtension.class})
class AccountPageIT {

  private static final String ANOTHER_PASSWORD = "harbour-velvet-ninety-9";

  /** A window of one of the sizes that the page must look right in. */
  enum Window {
    DESKTOP,
    PHONE;

    PersonasPage of(Incognito incognito) {
      return this == DESKTOP ? incognito.desktop() : incognito.phone();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aNewPasswordSignsOutEverywhereElse(
      Window window, Incognito incognito, TestPlatform platform) {
    PersonasPage here = window.of(incognito).enter(platform, "Pat");
    PersonasPage there = incognito.desktop().signIn(here.email(), Account.PASSWORD);
    AccountPage account = here.account().picture("opened");
    assertThat(account.entries("Where you are signed in")).hasCount(2);

    account.changePassword("not my password", ANOTHER_PASSWORD);
    account.assertWrong("Current password", "The password is wrong");
    account.changePassword(Account.PASSWORD, "short");
    account.assertWrong("New password", "The password needs at least 8 characters");
    account.changePassword(Account.PASSWORD, "password1");
    account.assertWrong("New password", "The password is too easy to guess; choose another");
    looksRight(account, "password-refused");

    account.changePassword(Account.PASSWORD, ANOTHER_PASSWORD);
    account.assertSays("The password is changed.");
    assertThat(here.button("Change password")).isFocused();
    looksRight(account, "password-changed");
    assertThat(account.field("Current password")).isEmpty();
    assertThat(account.field("New password")).isEmpty();
    assertThat(account.field("New password")).hasAttribute("aria-invalid", "false");
    assertThat(account.entries("Where you are signed in")).hasCount(1);
    account.reload();

    there.browser().reload();
    there.browser().waitForURL("**/login");
    there.tryToSignIn(here.email(), Account.PASSWORD);
    assertThat(there.browser().getByRole(AriaRole.ALERT))
        .containsText("The e-mail address or the password is wrong");
    there.signIn(here.email(), ANOTHER_PASSWORD);
  }

  @ParameterizedTest
  @EnumSource
  void anotherSessionCanBeSeenAndEnded(Window window, Incognito incognito) {
    // Begun by the browser itself, which the list names.
    PersonasPage here = window.of(incognito).register("Sasha");
    PersonasPage there = incognito.desktop().signIn(here.email(), Account.PASSWORD);
    AccountPage account = here.account();
    assertThat(account.sessions())
        .hasSize(2)
        .allSatisfy(each -> assertThat(each).contains("Chrome on Linux", "127.0.0.1", "last used"))
        .filteredOn(each -> each.contains("This one"))
        .hasSize(1);

    account.endings().click();
    account.assertSays("That session is ended.");
    assertThat(account.entries("Where you are signed in")).hasCount(1);
    assertThat(here.heading("Where you are signed in")).isFocused();
    assertThat(account.endings()).hasCount(0);
    looksRight(account, "session-ended");

    there.browser().reload();
    there.browser().waitForURL("**/login");
    account.reload();
  }

  @ParameterizedTest
  @EnumSource
  void anApiKeyIsShownOnceAndCanBeRevoked(
      Window window, Incognito incognito, TestPlatform platform) {
    PersonasPage here = window.of(incognito).enter(platform, "Kim");
    AccountPage account = here.account();

    account.createKey(" ");
    account.assertWrong("Name of a new key", "The key needs a name");
    looksRight(account, "key-refused");

    String name = "The program on my " + "very-".repeat(14) + "old laptop";
    account.createKey(name);
    assertThat(account.secret()).hasText(Pattern.compile("mb_.{20,}"));
    String secret = account.secret().innerText();
    assertThat(account.entries("API keys")).hasCount(1);
    assertThat(account.entries("API keys")).containsText("never used");
    assertThat(account.secret())
        .isInViewport(new LocatorAssertions.IsInViewportOptions().setRatio(1));
    assertThat(here.browser().getByRole(AriaRole.STATUS).filter(holding(account.secret())))
        .isFocused();
    looksRight(account, "key-made");

    assertThat(status(platform, secret)).isEqualTo(200);
    account.reload();
    assertThat(account.secret()).hasCount(0);
    assertThat(account.entries("API keys")).containsText("last used");

    here.button("Revoke " + name).click();
    Locator question = account.question("Revoke " + name + "?");
    account.picture("key-question");
    AccountPage.answer(question, "Cancel");
    assertThat(here.button("Revoke " + name)).isFocused();
    assertThat(status(platform, secret)).isEqualTo(200);

    here.button("Revoke " + name).click();
    AccountPage.answer(account.question("Revoke " + name + "?"), "Revoke");
    account.assertSays(name + " is revoked.");
    assertThat(here.heading("API keys")).isFocused();
    assertThat(account.entries("API keys")).hasCount(0);
    assertThat(status(platform, secret)).isEqualTo(401);
    looksRight(account, "key-revoked");
  }

  @ParameterizedTest
  @EnumSource
  void theAccountIsDeletedWithItsPasswordByWhoeverIsSure(
      Window window, Incognito incognito, TestPlatform platform) {
    PersonasPage here = window.of(incognito).enter(platform, "Lou");
    AccountPage account = here.account();

    AccountPage.answer(account.delete(""), "Delete");
    account.assertWrong("Your password", "Your password is required to delete the account");
    AccountPage.answer(account.delete("not my password"), "Delete");
    account.assertWrong("Your password", "The password is wrong");
    looksRight(account, "deletion-refused");

    Locator question = account.delete(Account.PASSWORD);
    assertThat(question.getByRole(AriaRole.BUTTON, named("Cancel"))).isFocused();
    assertThat(account.field("Your password")).hasAttribute("aria-invalid", "false");
    looksRight(account, "deletion-question");
    AccountPage.answer(question, "Cancel");
    assertThat(here.button("Delete my account")).isEnabled();
    assertThat(here.button("Delete my account")).isFocused();
    account.reload();

    AccountPage.answer(account.delete(Account.PASSWORD), "Delete");
    assertThat(here.heading("Your account is deleted")).isFocused();
    account.picture("deleted");
    account.assertSays("Your account: erased everywhere.");
    looksRight(account, "erased");

    here.browser().getByRole(AriaRole.LINK).getByText("To the sign-in page").click();
    here.browser().waitForURL("**/login");
    here.tryToSignIn(here.email(), Account.PASSWORD);
    assertThat(here.browser().getByRole(AriaRole.ALERT))
        .containsText("The e-mail address or the password is wrong");
  }

  @Test
  void whoIsNotSignedInIsAskedTo(Incognito incognito) {
    PersonasPage page = incognito.desktop();
    page.browser().navigate("/users/account");
    page.browser().waitForURL("**/login");
    assertThat(page.button("Sign in")).isVisible();
  }

  private static void looksRight(AccountPage account, String state) {
    account.picture(state);
    assertThat(account.overflow()).as("%s: wider than the window", state).isZero();
    assertThat(Barriers.of(account.browser())).as(state).isEmpty();
  }

  private static int status(TestPlatform platform, String key) {
    return Call.of("GET", "/api/auth/me").send(platform.baseUrl(), Account.bearer(key)).status();
  }

  private static Locator.FilterOptions holding(Locator part) {
    return new Locator.FilterOptions().setHas(part);
  }

  private static Locator.GetByRoleOptions named(String name) {
    return new Locator.GetByRoleOptions().setName(name);
  }
}
