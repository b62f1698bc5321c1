package io.mybella.persona.avatar;

import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Draws decoded pictures anew: smaller, upright, and nothing but pixels. */
final class PictureDrawing {

  private static final float JPEG_QUALITY = 0.88f;

  private PictureDrawing() {}

  /** The picture upright and at most {@code side} pixels wide and high. */
  static BufferedImage draw(BufferedImage source, int orientation, int side) {
    boolean turned = orientation >= 5;
    int width = turned ? source.getHeight() : source.getWidth();
    int height = turned ? source.getWidth() : source.getHeight();
    double scale = Math.min(1.0, (double) side / Math.max(width, height));
    // Halving averages four pixels each time; one big step would skip most of them.
    BufferedImage halved = source;
    while (scale <= 0.5) {
      halved =
          paint(halved, Math.max(1, halved.getWidth() / 2), Math.max(1, halved.getHeight() / 2), 1);
      width = turned ? halved.getHeight() : halved.getWidth();
      height = turned ? halved.getWidth() : halved.getHeight();
      scale = Math.min(1.0, (double) side / Math.max(width, height));
    }
    return paint(
        halved,
        Math.max(1, (int) Math.round(width * scale)),
        Math.max(1, (int) Math.round(height * scale)),
        orientation);
  }

  private static BufferedImage paint(BufferedImage source, int width, int height, int orientation) {
    boolean opaque = !source.getColorModel().hasAlpha();
    BufferedImage target =
        new BufferedImage(
            width, height, opaque ? BufferedImage.TYPE_INT_RGB : BufferedImage.TYPE_INT_ARGB);
    Graphics2D graphics = target.createGraphics();
    try {
      graphics.setRenderingHint(
          RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
      graphics.setRenderingHint(RenderingHints.KEY_RENDERING, RenderingHints.VALUE_RENDER_QUALITY);
      AffineTransform transform = new AffineTransform();
      transform.scale(width, height);
      transform.concatenate(upright(orientation));
      transform.scale(1.0 / source.getWidth(), 1.0 / source.getHeight());
      graphics.drawImage(source, transform, null);
    } finally {
      graphics.dispose();
    }
    return target;
  }

  /** Maps the unit square of the stored picture to that of the upright one (Exif 2.32, 4.6.5). */
  private static AffineTransform upright(int orientation) {
    return switch (orientation) {
      case 2 -> new AffineTransform(-1, 0, 0, 1, 1, 0);
      case 3 -> new AffineTransform(-1, 0, 0, -1, 1, 1);
      case 4 -> new AffineTransform(1, 0, 0, -1, 0, 1);
      case 5 -> new AffineTransform(0, 1, 1, 0, 0, 0);
      case 6 -> new AffineTransform(0, 1, -1, 0, 1, 0);
      case 7 -> new AffineTransform(0, -1, -1, 0, 1, 1);
      case 8 -> new AffineTransform(0, -1, 1, 0, 0, 1);
      default -> new AffineTransform();
    };
  }

  /** Encodes a picture, without metadata. */
  static Picture encode(BufferedImage image, Picture.Kind kind) {
    ImageWriter writer = ImageIO.getImageWritersByFormatName(kind.ending()).next();
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (var output = new MemoryCacheImageOutputStream(bytes)) {
      writer.setOutput(output);
      ImageWriteParam parameters = writer.getDefaultWriteParam();
      if (kind == Picture.Kind.JPEG) {
        parameters.setCompressionMode(ImageWriteParam.MODE_EXPLICIT);
        parameters.setCompressionQuality(JPEG_QUALITY);
      }
      writer.write(null, new IIOImage(image, null, null), parameters);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      writer.dispose();
    }
    return new Picture(kind, bytes.toByteArray());
  }
}
