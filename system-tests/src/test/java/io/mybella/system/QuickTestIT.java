package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.APIResponse;
import com.microsoft.playwright.Locator;
import com.microsoft.playwright.Route;
import io.mybella.local.TestPlatform;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** What a person does in the first five minutes, in a real browser against the running platform. */
@ExtendWith({PlatformExtension.class, BrowserExtension.class})
class QuickTestIT {

  private static final List<String> FAMILY =
      List.of("Isabella", "Alex", "Maya", "Luna", "Sam", "Ethan");

  @Test
  void personCreatesTalksSwitchesAndDeletesAndNothingOfItIsLeft(
      TestPlatform platform, Incognito incognito) throws Exception {
    String canary = "canary" + UUID.randomUUID().toString().replace("-", "");
    PersonasPage page = incognito.desktop().register("Johanna");

    // The six are there, each with a picture.
    assertThat(page.family()).containsExactlyElementsOf(FAMILY);
    assertThat(page.familyHasPictures()).isTrue();
    assertThat(page.own()).isEmpty();

    // A persona of one's own, with a picture and a voice.
    page.create("Nova", "Bright as a " + canary, "Knows every " + canary, Pictures.sunset());
    assertThat(page.own()).containsExactly("Nova");
    assertThat(new Traces(platform).of(canary)).as("the search finds what is there").isNotEmpty();

    // A history with A.
    page.select("Nova");
    assertThat(page.messages()).isEmpty();
    page.say("Hello, I lost a " + canary).say("And what do you know of the " + canary + "?");
    List<String> withNova = page.messages();
    assertThat(withNova).hasSize(4).allSatisfy(words -> assertThat(words).isNotBlank());

    // Another one with B, who knows nothing of the first.
    page.select("Isabella");
    assertThat(page.messages()).isEmpty();
    page.say("Good evening");
    List<String> withIsabella = page.messages();
    assertThat(withIsabella).hasSize(2).noneMatch(words -> words.contains(canary));

    // Back to A: exactly what was said there, also after the page is loaded anew.
    page.select("Nova");
    assertThat(page.messages()).isEqualTo(withNova);
    page.browser().reload();
    assertThat(page.heading("Chat with Nova")).isVisible();
    assertThat(page.messages()).isEqualTo(withNova);

    // Gone for good.
    page.delete("Nova");
    assertThat(page.own()).isEmpty();
    assertThat(page.heading("Chat with Isabella")).isVisible();
    assertThat(page.messages()).isEqualTo(withIsabella);
    assertThat(new Traces(platform).of(canary)).isEmpty();
    assertThat(incognito.complaints()).isEmpty();
  }

  @Test
  void listenPlaysAudibleSpeech(Incognito incognito, TestPlatform platform) {
    PersonasPage page = incognito.desktop().enter(platform, "Amal");
    page.say("Tell me something kind");

    // Chromium does not keep a body that a page reads as a blob: listen in on the way instead.
    List<APIResponse> spoken = new ArrayList<>();
    page.browser()
        .route(
            "**/voice/speech",
            request -> {
              APIResponse speech = request.fetch();
              spoken.add(speech);
              request.fulfill(new Route.FulfillOptions().setResponse(speech));
            });
    page.button("Listen").click();
    Locator player = page.browser().locator("audio");
    assertThat(player).isVisible();
    page.browser()
        .waitForCondition(
            () ->
                (Boolean)
                    player.evaluate(
                        "player => player.duration > 0.5 && player.currentTime > 0 &&"
                            + " !player.error"));

    APIResponse speech = spoken.getFirst();
    assertThat(speech.status()).isEqualTo(200);
    assertThat(speech.headers()).containsEntry("x-voice-source", "default");
    assertThat(page.browser().getByText("Spoken with the platform's own voice")).isVisible();
    Hearing heard = Hearing.of(page.browser(), speech.body());
    assertThat(heard.seconds()).isBetween(0.5, 120.0);
    assertThat(heard.loudness()).isBetween(0.01, 0.7);
    assertThat(incognito.complaints()).isEmpty();
  }

  @Test
  void otherAccountSeesNothingOfIt(Incognito incognito, TestPlatform platform) {
    PersonasPage mine = incognito.desktop().enter(platform, "Owner");
    mine.create("Secret", "Only mine", "Nobody else's", Pictures.sunset());
    Object id =
        mine.browser()
            .evaluate(
                """
                async () => (await (await fetch('/api/personas/available')).json())
                    .find(each => each.name === 'Secret').id
                """);

    PersonasPage theirs = incognito.desktop().enter(platform, "Stranger");
    assertThat(theirs.own()).isEmpty();
    for (String path : List.of("", "/messages", "/avatar", "/voice")) {
      int status = theirs.browser().request().get("/api/personas/" + id + path).status();
      assertThat(status).as("GET /api/personas/{id}%s", path).isEqualTo(404);
    }
    assertThat(incognito.complaints()).isEmpty();
  }
}
