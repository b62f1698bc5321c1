package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.Page;
import com.microsoft.playwright.options.ColorScheme;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Takes the README's pictures from the running platform: {@code -Dmybella.pictures=docs/images}.
 */
@ExtendWith({PlatformExtension.class, BrowserExtension.class})
@EnabledIfSystemProperty(named = "mybella.pictures", matches = ".+")
class ReadmePictureIT {

  private static final int BYTES = 300_000;

  @Test
  void personasOnADesktop(Incognito incognito) throws Exception {
    PersonasPage page = incognito.window(1280, 860, ColorScheme.LIGHT).register("Johanna");
    converse(page);
    save(page, "personas-desktop.png");
  }

  @Test
  void personasOnAPhoneInTheDark(Incognito incognito) throws Exception {
    PersonasPage page = incognito.window(390, 844, ColorScheme.DARK).register("Johanna");
    converse(page);
    save(page, "personas-phone.png");
  }

  private static void converse(PersonasPage page) {
    assertThat(page.familyHasPictures()).isTrue();
    page.say("Hello Isabella! My sister Ada moved to Lisbon today.");
    page.say("I miss her already.");
    page.browser().evaluate("() => { document.activeElement.blur(); scrollTo(0, 0); }");
  }

  private static void save(PersonasPage page, String name) throws Exception {
    Path folder = Path.of(System.getProperty("mybella.pictures"));
    Files.createDirectories(folder);
    byte[] picture =
        page.browser().screenshot(new Page.ScreenshotOptions().setPath(folder.resolve(name)));
    assertThat(picture).hasSizeLessThan(BYTES);
    assertThat(page.log()).isVisible();
  }
}
