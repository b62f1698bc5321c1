package io.mybella.system;

import static com.microsoft.playwright.assertions.PlaywrightAssertions.assertThat;
import static org.assertj.core.api.Assertions.assertThat;

import com.microsoft.playwright.options.ColorScheme;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.ImageOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * Takes the README's pictures from the running platform: {@code -Dmybella.pictures=docs/images}.
 */
@ExtendWith({PlatformExtension.class, BrowserExtension.class})
@EnabledIfSystemProperty(named = "mybella.pictures", matches = ".+")
class ReadmePictureIT {

  private static final long BYTES = 300_000;

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

  private static void save(PersonasPage page, String name) throws IOException {
    assertThat(page.log()).isVisible();
    Path file = Path.of(System.getProperty("mybella.pictures")).resolve(name);
    Files.createDirectories(file.getParent());
    BufferedImage picture = ImageIO.read(new ByteArrayInputStream(page.browser().screenshot()));
    // Chromium writes quickly; the repository wants few bytes. Nobody sees the lowest bits.
    for (int y = 0; y < picture.getHeight(); y++) {
      for (int x = 0; x < picture.getWidth(); x++) {
        picture.setRGB(x, y, picture.getRGB(x, y) | 0x030303);
      }
    }
    ImageWriter writer = ImageIO.getImageWritersByFormatName("png").next();
    ImageWriteParam smallest = writer.getDefaultWriteParam();
    smallest.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
    smallest.setCompressionQuality(0);
    Files.deleteIfExists(file);
    try (ImageOutputStream out = ImageIO.createImageOutputStream(file.toFile())) {
      writer.setOutput(out);
      writer.write(null, new IIOImage(picture, null, null), smallest);
    } finally {
      writer.dispose();
    }
    assertThat(Files.size(file)).isLessThan(BYTES);
  }
}
