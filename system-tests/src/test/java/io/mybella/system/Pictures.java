package io.mybella.system;

import com.microsoft.playwright.options.FilePayload;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Random;
import javax.imageio.ImageIO;

/** Pictures that a person might upload. */
final class Pictures {

  private Pictures() {}

  /** A sunset over the sea, 640 x 480, as PNG. */
  static FilePayload sunset() {
    var image = new BufferedImage(640, 480, BufferedImage.TYPE_INT_RGB);
    var pen = image.createGraphics();
    pen.setPaint(new GradientPaint(0, 0, new Color(0x35507a), 0, 300, new Color(0xf4a86a)));
    pen.fillRect(0, 0, 640, 480);
    pen.setPaint(new Color(0xfff1c9));
    pen.fillOval(250, 190, 140, 140);
    pen.setPaint(new GradientPaint(0, 290, new Color(0x2f6d86), 0, 480, new Color(0x17384f)));
    pen.fillRect(0, 290, 640, 190);
    pen.dispose();
    return new FilePayload("sunset.png", "image/png", png(image));
  }

  /** Nothing but noise, 1,300 x 1,230: as PNG it has almost as many bytes as there may be. */
  static FilePayload noise() {
    var image = new BufferedImage(1_300, 1_230, BufferedImage.TYPE_INT_RGB);
    Random random = new Random(1);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        image.setRGB(x, y, random.nextInt(0x1000000));
      }
    }
    return new FilePayload("noise.png", "image/png", png(image));
  }

  private static byte[] png(BufferedImage image) {
    var png = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", png);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return png.toByteArray();
  }
}
