package io.mybella.persona.avatar;

import io.mybella.persona.avatar.PictureHeader.Format;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Judges pictures by their headers and decodes those that may be. Rows and columns that would be
 * scaled away are left out.
 */
final class PictureDecoder {

  private static final Logger log = LoggerFactory.getLogger(PictureDecoder.class);

  private static final String DAMAGED = "The picture is damaged or of a kind that cannot be read";

  /** More than decoders that hold no picture allocate for the largest one, in bytes. */
  private static final long ROW_BY_ROW = 128L << 20;

  private final AvatarProperties limits;

  PictureDecoder(AvatarProperties limits) {
    this.limits = limits;
  }

  /**
   * Reads the header of an upload.
   *
   * @throws PictureException.Refused when it is none of PNG, JPEG, GIF and WebP, is damaged, or
   *     claims more than is allowed
   */
  PictureHeader judge(byte[] upload) {
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
    if (Math.max(header.width(), header.height()) > limits.maxSide()) {
      throw refused(
          "The picture is too wide or too high: at most %,d pixels".formatted(limits.maxSide()));
    }
    if (header.frames() > limits.maxFrames()) {
      throw refused("The picture has too many frames: at most %,d".formatted(limits.maxFrames()));
    }
    if (header.cost().effort() > DecodingCost.MOST_EFFORT
        || memory(header, upload.length) > limits.memory().toBytes()) {
      throw refused("The picture has too many pixels for one of its kind");
    }
    return header;
  }

  /** What is held while the picture is drawn, in bytes. */
  long memory(PictureHeader header, int uploaded) {
    int step = step(header.width(), header.height());
    long columns = (header.width() + step - 1L) / step;
    long rows = (header.height() + step - 1L) / step;
    return header.cost().memory(uploaded, columns * rows);
  }

  /**
   * Decodes a picture. Decoders meet hostile bytes here, and answer them with whatever exception
   * comes to mind.
   *
   * @throws PictureException.Refused when it cannot be read after all
   * @throws PictureException.NotNow when it is not done in time
   */
  BufferedImage decode(PictureHeader header, byte[] upload, Deadline deadline) {
    ImageReader reader = reader(header.format());
    long most = header.cost().held() > 0 ? memory(header, upload.length) : ROW_BY_ROW;
    try (var input = new BoundedImageInput(upload, deadline, most, header.lossy())) {
      reader.setInput(input, true, true);
      int width = reader.getWidth(0);
      int height = reader.getHeight(0);
      if (width > header.width() || height > header.height()) {
        throw refused(DAMAGED);
      }
      ImageReadParam parameters = reader.getDefaultReadParam();
      int step = step(width, height);
      parameters.setSourceSubsampling(step, step, 0, 0);
      return reader.read(0, parameters);
    } catch (PictureException refused) {
      throw refused;
    } catch (IOException | RuntimeException e) {
      if (deadline.isOver()) {
        throw PictureStudio.busy();
      }
      log.debug("A picture could not be decoded", e);
      throw refused(DAMAGED);
    } finally {
      reader.dispose();
    }
  }

  /** Twice the size that is kept is enough to scale down smoothly from. */
  private int step(int width, int height) {
    int step = Math.max(1, Math.max(width, height) / (2 * limits.side()));
    return Math.min(step, Math.min(width, height));
  }

  private static ImageReader reader(Format format) {
    Iterator<ImageReader> readers = ImageIO.getImageReadersByFormatName(format.name());
    if (!readers.hasNext()) {
      throw new IllegalStateException("No decoder for " + format);
    }
    return readers.next();
  }

  private static PictureException refused(String message) {
    return new PictureException.Refused(message);
  }
}
