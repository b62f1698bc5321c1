package io.mybella.persona.avatar;

import io.mybella.chassis.problem.Problem;
import io.mybella.persona.avatar.PictureHeader.Format;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.AffineTransform;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import javax.imageio.IIOImage;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.ImageWriteParam;
import javax.imageio.ImageWriter;
import javax.imageio.stream.MemoryCacheImageInputStream;
import javax.imageio.stream.MemoryCacheImageOutputStream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.stereotype.Component;

/**
 * Draws an uploaded picture anew. Only pixels pass: metadata, appended archives, scripts and
 * whatever else a file may carry stay behind.
 *
 * <p>A picture is refused by what its structure claims before a pixel is decoded; decoding leaves
 * out rows and columns that would be scaled away, and only a few pictures are drawn at a time. So
 * memory is bounded whatever is sent.
 */
@Component
class PictureStudio {

  private static final Logger log = LoggerFactory.getLogger(PictureStudio.class);

  private static final String DAMAGED = "The picture is damaged or of a kind that cannot be read";
  private static final Duration LONGEST_WAIT = Duration.ofSeconds(10);
  private static final float JPEG_QUALITY = 0.88f;

  private final AvatarProperties limits;
  private final Semaphore places;

  PictureStudio(AvatarProperties limits) {
    this.limits = limits;
    this.places = new Semaphore(limits.concurrentDecodes(), true);
  }

  /**
   * Judges and redraws a picture, upright and at most {@code side} pixels wide and high.
   *
   * @throws Problem 400 when it is none of PNG, JPEG, GIF and WebP, is damaged, or claims more than
   *     is allowed; 413 when it has too many bytes; 503 when too many others are being drawn
   */
  Picture redraw(byte[] upload) {
    if (upload.length > limits.maxBytes().toBytes()) {
      throw Problem.tooLarge(
              "The picture is too large: at most %d MB".formatted(limits.maxBytes().toMegabytes()))
          .withError("avatar", "too large");
    }
    Format format =
        PictureHeader.sniff(upload)
            .orElseThrow(() -> refused("Invalid file type. Allowed: png, jpg, jpeg, gif, webp"));
    PictureHeader header;
    try {
      header = PictureHeader.read(format, upload);
    } catch (DamagedPictureException e) {
      throw refused(DAMAGED);
    }
    if (header.pixels() > limits.maxPixels()) {
      throw refused("The picture has too many pixels: at most %,d".formatted(limits.maxPixels()));
    }
    if (header.frames() > limits.maxFrames()) {
      throw refused("The picture has too many frames: at most %,d".formatted(limits.maxFrames()));
    }
    takePlace();
    try {
      BufferedImage decoded = decode(header, upload);
      BufferedImage drawn = draw(decoded, header.orientation());
      return encode(drawn, kindFor(format, decoded));
    } finally {
      places.release();
    }
  }

  private void takePlace() {
    try {
      if (!places.tryAcquire(LONGEST_WAIT.toMillis(), TimeUnit.MILLISECONDS)) {
        throw Problem.unavailable("Too many pictures at once", LONGEST_WAIT);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw Problem.unavailable("The service is stopping", LONGEST_WAIT);
    }
  }

  /** Decoders meet hostile bytes here, and answer them with whatever exception comes to mind. */
  private BufferedImage decode(PictureHeader header, byte[] upload) {
    ImageReader reader = reader(header.format());
    try (var input = new MemoryCacheImageInputStream(new ByteArrayInputStream(upload))) {
      reader.setInput(input, true, true);
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      if ((long) width * height > limits.maxPixels()) {
        throw refused(DAMAGED);
      }
      ImageReadParam parameters = reader.getDefaultReadParam();
      // Twice the size that is kept is enough to scale down smoothly from.
      int step = Math.max(1, Math.max(width, height) / (2 * limits.side()));
      step = Math.min(step, Math.min(width, height));
      parameters.setSourceSubsampling(step, step, 0, 0);
      return reader.read(0, parameters);
    } catch (Problem tooLarge) {
      throw tooLarge;
    } catch (IOException | RuntimeException e) {
      log.debug("A picture could not be decoded", e);
      throw refused(DAMAGED);
    } finally {
      reader.dispose();
    }
  }

  private static ImageReader reader(Format format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
    if (!readers.hasNext()) {
      throw new IllegalStateException("No decoder for " + format);
    }
    return readers.next();
  }

  private BufferedImage draw(BufferedImage source, int orientation) {
    boolean turned = orientation >= 5;
    int width = turned ? source.getHeight() : source.getWidth();
    int height = turned ? source.getWidth() : source.getHeight();
    double scale = Math.min(1.0, (double) limits.side() / Math.max(width, height));
    // Halving averages four pixels each time; one big step would skip most of them.
    BufferedImage halved = source;
    while (scale <= 0.5) {
      halved =
          paint(halved, Math.max(1, halved.getWidth() / 2), Math.max(1, halved.getHeight() / 2), 1);
      width = turned ? halved.getHeight() : halved.getWidth();
      height = turned ? halved.getWidth() : halved.getHeight();
      scale = Math.min(1.0, (double) limits.side() / Math.max(width, height));
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

  /** Photos stay JPEG; drawings, which a JPEG would smear, and what is transparent become PNG. */
  private static Picture.Kind kindFor(Format format, BufferedImage decoded) {
    return switch (format) {
      case JPEG -> Picture.Kind.JPEG;
      case PNG, GIF -> Picture.Kind.PNG;
      case WEBP -> decoded.getColorModel().hasAlpha() ? Picture.Kind.PNG : Picture.Kind.JPEG;
    };
  }

  private static Picture encode(BufferedImage image, Picture.Kind kind) {
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

  private static Problem refused(String message) {
    return Problem.badRequest(message).withError("avatar", message);
  }
}
