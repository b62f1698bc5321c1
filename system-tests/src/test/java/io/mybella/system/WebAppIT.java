package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Keyboard;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.AriaRole;
import com.microsoft.playwright.options.FilePayload;
import io.mybella.local.TestPlatform;
import java.net.URI;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The web app for everybody: without a mouse, on a narrow phone, with a screen reader. */
@ExtendWith({PlatformExtension.class, BrowserExtension.class})
class WebAppIT {

  private static final int MOST_TABS = 80;

  /** The accessible name of what has the focus, through all shadow roots. */
  private static final String FOCUSED =
      """
      () => {
        let focused = document.activeElement;
        while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
        if (!focused || focused === document.body) return '';
        const label = focused.labels?.[0]?.textContent;
        return (focused.ariaLabel || label || focused.textContent || '').trim().replace(/\\s+/g, ' ');
      }
      """;

  private static final String FOCUS_SHOWS =
      """
      () => {
        let focused = document.activeElement;
        while (focused?.shadowRoot?.activeElement) focused = focused.shadowRoot.activeElement;
        const style = getComputedStyle(focused);
        return style.outlineStyle !== 'none' && parseFloat(style.outlineWidth) >= 2;
      }
      """;

  @Test
  void everythingCanBeDoneWithTheKeyboardAlone(Incognito incognito, TestPlatform platform) {
    PersonasPage page = incognito.desktop().enter(platform, "Kay");
    Keyboard keys = page.browser().keyboard();
    page.browser().reload();
    assertThat(page.heading("Meet the family")).isVisible();

    tabTo(page, "Message to Isabella");
    keys.type("Hello from the keyboard");
    keys.press("Enter");
    assertThat(page.button("Listen")).isVisible();

    tabTo(page, "Select Alex");
    keys.press("Enter");
    assertThat(page.heading("Chat with Alex")).isVisible();
    assertThat(focused(page)).isEqualTo("Talk to Alex");
    keys.press("Enter");
    assertThat(focused(page)).isEqualTo("Message to Alex");

    tabTo(page, "New persona");
    keys.press("Enter");
    assertThat(page.browser().getByRole(AriaRole.DIALOG)).isVisible();
    keys.press("Escape");
    assertThat(page.browser().getByRole(AriaRole.DIALOG)).isHidden();
    assertThat(focused(page)).isEqualTo("New persona");

    keys.press("Enter");
    tabTo(page, "Name");
    keys.type("Keyboard Kim");
    keys.press("Enter");
    assertThat(page.heading("Keyboard Kim")).isVisible();

    tabTo(page, "Delete Keyboard Kim");
    keys.press("Enter");
    tabTo(page, "Cancel");
    keys.press("Enter");
    assertThat(page.own()).containsExactly("Keyboard Kim");
    assertThat(focused(page)).isEqualTo("Delete Keyboard Kim");
    assertThat(incognito.complaints()).isEmpty();
  }

  @Test
  void nothingIsWiderThanANarrowPhone(Incognito incognito) {
    PersonasPage page = incognito.phone();
    page.browser().navigate("/login");
    assertThat(page.button("Create an account")).isVisible();
    assertThat(page.overflow()).isZero();

    page.register("Flo");
    page.say("https://example.org/" + "a-very-long-address/".repeat(12));
    assertThat(page.overflow()).isZero();

    page.button("New persona").click();
    assertThat(page.browser().getByRole(AriaRole.DIALOG)).isVisible();
    page.browser().getByLabel("A recording of my own").check();
    assertThat(
            page.browser()
                .getByRole(AriaRole.DIALOG)
                .evaluate("dialog => dialog.scrollWidth - dialog.clientWidth"))
        .isEqualTo(0);
    assertThat(incognito.complaints()).isEmpty();
  }

  @Test
  void axeFindsNoSeriousBarrier(Incognito incognito, TestPlatform platform) {
    PersonasPage desktop = incognito.desktop();
    desktop.browser().navigate("/login");
    assertThat(desktop.button("Create an account")).isVisible();
    assertThat(Barriers.of(desktop.browser())).isEmpty();
    desktop
        .enter(platform, "Ari")
        .say("Hello")
        .create("Nova", "Bright", "A star", Pictures.sunset());
    assertThat(Barriers.of(desktop.browser())).isEmpty();
    desktop.button("Edit Nova").click();
    assertThat(desktop.browser().getByRole(AriaRole.DIALOG)).isVisible();
    assertThat(Barriers.of(desktop.browser())).isEmpty();

    PersonasPage phone = incognito.phone().enter(platform, "Bo").say("Hello");
    assertThat(Barriers.of(phone.browser())).isEmpty();
  }

  @Test
  void whatWasSaidLongAgoIsFoundAndShownWhereItStands(Incognito incognito, TestPlatform platform) {
    Account account = Account.register(platform, "Sam");
    String told = "My cat is called <b>Minka</b> & eats tuna.";
    List<Map<String, Object>> messages = new ArrayList<>();
    messages.add(Map.of("role", "user", "content", told));
    IntStream.range(0, 70)
        .forEach(i -> messages.add(Map.of("role", "user", "content", "Small talk, part " + i)));
    assertThat(
            ApiClient.of(account)
                .post("/api/personas/1/messages/batch", Map.of("messages", messages))
                .status())
        .isEqualTo(201);
    PersonasPage page = incognito.phone().enter(account);
    assertThat(page.messages()).hasSize(30).doesNotContain(told);

    page.find("minka");
    Locator found = page.browser().locator("history-search li");
    assertThat(found).hasCount(1);
    assertThat(found.locator("mark")).hasText("Minka");
    assertThat(found).containsText("& eats tuna");
    assertThat(Barriers.of(page.browser())).isEmpty();
    assertThat(page.overflow()).isZero();
    found.getByRole(AriaRole.BUTTON).click();
    assertThat(page.browser().locator("chat-message[visited]")).containsText(told);
    assertThat(page.browser().locator("chat-message[visited]")).isInViewport();

    page.find("giraffe");
    assertThat(page.browser().getByText("Nothing was found.")).isVisible();
    page.button("Close the search").click();
    page.button("Back to now").click();
    page.say("What does my cat eat?");
    assertThat(page.messages().getLast()).contains("Minka");
    page.browser().getByText("Remembered an older message").click();
    Locator remembered = page.browser().locator("recalled-messages").getByRole(AriaRole.BUTTON);
    assertThat(remembered).containsText(told);

    page.browser().reload();
    page.browser().getByText("Remembered an older message").click();
    remembered.click();
    assertThat(page.browser().locator("chat-message[visited]")).containsText(told);
    page.send("Thank you");
    assertThat(page.browser().locator("chat-message")).hasCount(32);
    assertThat(page.messages().get(30)).isEqualTo("Thank you");
    assertThat(incognito.complaints()).isEmpty();
  }

  @Test
  void whatIsWrongIsSaidAtItsField(Incognito incognito, TestPlatform platform) {
    PersonasPage page = incognito.desktop().enter(platform, "Edi");
    page.create("Nova", "Bright", "A star", Pictures.sunset());
    page.button("New persona").click();
    var dialog = page.browser().getByRole(AriaRole.DIALOG);
    var name = dialog.getByLabel("Name", new Locator.GetByLabelOptions().setExact(true));

    page.button("Create persona").click();
    assertThat(name).hasAttribute("aria-invalid", "true");
    assertThat(name).isFocused();
    assertThat(name)
        .hasAccessibleDescription("Required, at most 50 letters. Give your persona a name.");

    name.fill("Nova");
    page.button("Create persona").click();
    assertThat(dialog.getByText("You already have a persona with this name").first()).isVisible();
  }

  @Test
  void namesOfMarkupStayNames(Incognito incognito) {
    PersonasPage page = incognito.desktop().register("<b>Mallory</b>");
    String name = "<img src=x onerror=alert(1)>";
    page.create(name, "<script>alert(2)</script>", "\"><svg onload=alert(3)>", Pictures.sunset());
    page.select(name).say("<iframe src=javascript:alert(4)></iframe>");
    assertThat(page.messages().getFirst()).isEqualTo("<iframe src=javascript:alert(4)></iframe>");
    assertThat(incognito.complaints()).isEmpty();
  }

  @Test
  void refusedRecordingIsSaidAndTheOtherFieldsAreKept(Incognito incognito, TestPlatform platform) {
    PersonasPage page = incognito.desktop().enter(platform, "Rec");
    page.button("New persona").click();
    var dialog = page.browser().getByRole(AriaRole.DIALOG);
    dialog.getByLabel("Name", new Locator.GetByLabelOptions().setExact(true)).fill("Echo");
    dialog.getByLabel("A recording of my own").check();

    page.button("Create persona").click();
    assertThat(dialog.getByText("Choose a recording, or a ready voice.")).isVisible();

    dialog
        .getByLabel("Recording", new Locator.GetByLabelOptions().setExact(true))
        .setInputFiles(new FilePayload("me.mp3", "audio/mpeg", "not audio at all".getBytes(UTF_8)));
    page.button("Create persona").click();
    assertThat(dialog.getByText("needs the consent")).isVisible();

    dialog.getByRole(AriaRole.CHECKBOX).check();
    page.button("Create persona").click();
    assertThat(dialog.getByText("Invalid file type")).isVisible();
    assertThat(page.button("Save")).isVisible();

    dialog
        .getByLabel("Recording", new Locator.GetByLabelOptions().setExact(true))
        .setInputFiles(Recordings.hum());
    page.button("Save").click();
    assertThat(dialog).isHidden();
    assertThat(page.own()).containsExactly("Echo");
    page.browser()
        .waitForCondition(
            () ->
                page.browser()
                    .request()
                    .get("/api/personas/available")
                    .text()
                    .contains("\"has_custom_voice\":true"));
  }

  @Test
  void aPageOfAnotherReleaseRunsTheModulesThatItWasMadeWith(
      Incognito incognito, TestPlatform platform) throws SQLException {
    PersonasPage page = incognito.desktop().enter(platform, "Olga");
    List<String> loaded = new ArrayList<>();
    try (OlderRelease release = OlderRelease.shared(platform)) {
      release.showIn(page.browser());
      page.browser()
          .onResponse(file -> loaded.add(file.status() + " " + URI.create(file.url()).getPath()));
      page.browser().reload();
      assertThat(page.heading(OlderRelease.HEADING)).isVisible();
      page.say("Hello");
    }
    assertThat(loaded.stream().filter(file -> file.contains("/assets/")))
        .hasSizeGreaterThan(20)
        .allMatch(file -> file.startsWith("200 " + OlderRelease.ROOT));
    assertThat(incognito.complaints()).isEmpty();
  }

  @Test
  void eventStreamIsReadHoweverItIsCut(Incognito incognito) {
    Page page = incognito.desktop().browser();
    page.navigate("/login");
    Object read =
        page.evaluate(
            """
            async () => {
              const app = document.querySelector('script[type=module]').src;
              const {events} = await import(new URL('event-stream.js', app));
              const text = ': comment\\r\\nevent: delta\\r\\ndata: {"text":"é"}\\r\\n\\r\\n'
                  + 'data:one\\ndata: two\\n\\nevent: reply\\rdata: 3\\r\\revent: lost\\ndata: unfinished';
              const bytes = new TextEncoder().encode(text);
              const results = new Set();
              for (let cut = 0; cut <= bytes.length; cut++) {
                const body = new ReadableStream({
                  start(stream) {
                    stream.enqueue(bytes.slice(0, cut));
                    stream.enqueue(bytes.slice(cut));
                    stream.close();
                  },
                });
                const all = [];
                for await (const each of events(body)) all.push(each.event + '=' + each.data);
                results.add(all.join('|'));
              }
              return [...results];
            }
            """);
    assertThat(read).isEqualTo(List.of("delta={\"text\":\"é\"}|message=one\ntwo|reply=3"));
  }

  private static void tabTo(PersonasPage page, String name) {
    for (int tabs = 0; tabs < MOST_TABS; tabs++) {
      page.browser().keyboard().press("Tab");
      String focused = focused(page);
      if (!focused.isEmpty()) {
        assertThat(page.browser().evaluate(FOCUS_SHOWS))
            .as("the focus shows on %s", focused)
            .isEqualTo(true);
      }
      if (focused.equals(name)) {
        return;
      }
    }
    throw new AssertionError("The Tab key never reached \"" + name + "\"");
  }

  private static String focused(PersonasPage page) {
    return (String) page.browser().evaluate(FOCUSED);
  }
}
