package io.mybella.persona.avatar;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a picture says of itself, read from its structure without decoding a pixel: PNG (W3C PNG
 * third edition), JPEG (ITU T.81), GIF (GIF89a) and WebP (RFC 9649).
 *
 * @param width the greatest width that is claimed anywhere
 * @param height the greatest height that is claimed anywhere
 * @param frames frames of an animation or scans of a JPEG; 1 for a plain picture
 * @param orientation how a camera was held, as in Exif (1 to 8); 1 is upright
 * @param cost of decoding it
 * @param lossy where the lossy data of a WebP stand; null without any
 */
record PictureHeader(
    Format format,
    int width,
    int height,
    int frames,
    int orientation,
    DecodingCost cost,
    @Nullable Span lossy) {

  /** The formats that are taken. */
  enum Format {
    PNG,
    JPEG,
    GIF,
    WEBP
  }

  /**
   * A part of a file.
   *
   * @param from its first byte
   * @param to the byte behind its last
   */
  record Span(long from, long to) {

    boolean contains(long position) {
      return position >= from && position < to;
    }
  }

  private static final byte[] PNG_SIGNATURE = {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'};

  /** The format the bytes begin with, whatever their file name or media type said. */
  static Optional<Format> sniff(byte[] bytes) {
    if (startsWith(bytes, 0, PNG_SIGNATURE)) {
      return Optional.of(Format.PNG);
    }
    if (bytes.length > 3
        && (bytes[0] & 0xFF) == 0xFF
        && (bytes[1] & 0xFF) == 0xD8
        && (bytes[2] & 0xFF) == 0xFF) {
      return Optional.of(Format.JPEG);
    }
    if (startsWith(bytes, 0, ascii("GIF87a")) || startsWith(bytes, 0, ascii("GIF89a"))) {
      return Optional.of(Format.GIF);
    }
    if (startsWith(bytes, 0, ascii("RIFF")) && startsWith(bytes, 8, ascii("WEBP"))) {
      return Optional.of(Format.WEBP);
    }
    return Optional.empty();
  }

  /**
   * Walks through the structure of a picture to its end.
   *
   * @throws DamagedPictureException when the structure breaks off or contradicts the format
   */
  static PictureHeader read(Format format, byte[] bytes) throws DamagedPictureException {
    try {
      ByteBuffer in = ByteBuffer.wrap(bytes);
      PictureHeader header =
          switch (format) {
            case PNG -> png(in);
            case JPEG -> jpeg(in);
            case GIF -> gif(in.order(ByteOrder.LITTLE_ENDIAN));
            case WEBP -> WebpStructure.read(in.order(ByteOrder.LITTLE_ENDIAN));
          };
      if (header.width <= 0 || header.height <= 0) {
        throw new DamagedPictureException("no size");
      }
      return header;
    } catch (BufferUnderflowException
        | IndexOutOfBoundsException
        | IllegalArgumentException
        | ArithmeticException e) {
      throw new DamagedPictureException("cut off");
    }
  }

  /** Width times height. */
  long pixels() {
    return (long) width * height;
  }

  private static PictureHeader png(ByteBuffer in) throws DamagedPictureException {
    in.position(PNG_SIGNATURE.length);
    int width = 0;
    int height = 0;
    int bitsPerPixel = 0;
    int frames = 1;
    while (true) {
      int length = in.getInt();
      String type = text(in, 4);
      if (length < 0) {
        throw new DamagedPictureException("a chunk of negative length");
      }
      int next = Math.addExact(in.position(), Math.addExact(length, 4));
      switch (type) {
        case "IHDR" -> {
          if (width != 0) {
            throw new DamagedPictureException("a second IHDR");
          }
          width = in.getInt();
          height = in.getInt();
          bitsPerPixel = bitsPerPixel(in.get(), in.get());
        }
        // Animated PNG: the number of frames stands first.
        case "acTL" -> frames = Math.max(1, in.getInt());
        case "IEND" -> {
          in.position(next);
          DecodingCost cost = DecodingCost.ofPng(width, height, bitsPerPixel);
          return new PictureHeader(Format.PNG, width, height, frames, 1, cost, null);
        }
        default -> {}
      }
      if (width == 0) {
        throw new DamagedPictureException("IHDR is not the first chunk");
      }
      in.position(next);
    }
  }

  private static int bitsPerPixel(int depth, int colorType) throws DamagedPictureException {
    if (Integer.bitCount(depth) != 1 || depth < 1 || depth > 16) {
      throw new DamagedPictureException("an unknown bit depth");
    }
    return switch (colorType) {
      case 0, 3 -> depth;
      case 2 -> 3 * depth;
      case 4 -> 2 * depth;
      case 6 -> 4 * depth;
      default -> throw new DamagedPictureException("an unknown colour type");
    };
  }

  private static PictureHeader jpeg(ByteBuffer in) throws DamagedPictureException {
    in.position(2);
    int width = 0;
    int height = 0;
    long samples = 0;
    int scans = 0;
    int orientation = 1;
    while (true) {
      int marker = marker(in);
      if (marker == 0xD9) {
        DecodingCost cost = DecodingCost.ofJpeg((long) width * height, samples, Math.max(1, scans));
        return new PictureHeader(
            Format.JPEG, width, height, Math.max(1, scans), orientation, cost, null);
      }
      if (marker == 0x01 || (marker >= 0xD0 && marker <= 0xD7)) {
        continue;
      }
      int next = in.position() + Short.toUnsignedInt(in.getShort());
      if (isStartOfFrame(marker)) {
        in.get(); // sample precision
        height = Math.max(height, Short.toUnsignedInt(in.getShort()));
        width = Math.max(width, Short.toUnsignedInt(in.getShort()));
        samples = Math.max(samples, samples(in, (long) width * height));
      } else if (marker == 0xE1) {
        orientation = ExifOrientation.of(in, next).orElse(orientation);
      }
      in.position(next);
      if (marker == 0xDA) {
        scans++;
        skipEntropyCodedData(in);
      }
    }
  }

  /** Samples of all components: those of colour are often taken at fewer points (T.81, A.1.1). */
  private static long samples(ByteBuffer in, long pixels) throws DamagedPictureException {
    int components = Byte.toUnsignedInt(in.get());
    int most = 1;
    int all = 0;
    for (int i = 0; i < components; i++) {
      in.get(); // identifier
      int factors = Byte.toUnsignedInt(in.get());
      in.get(); // quantisation table
      int points = (factors >> 4) * (factors & 0x0F);
      if (points < 1 || points > 16) {
        throw new DamagedPictureException("a component without samples");
      }
      most = Math.max(most, points);
      all += points;
    }
    return (pixels + most - 1) / most * all;
  }

  /** SOF0 to SOF15 without DHT, JPG and DAC, which share the range. */
  private static boolean isStartOfFrame(int marker) {
    return marker >= 0xC0 && marker <= 0xCF && marker != 0xC4 && marker != 0xC8 && marker != 0xCC;
  }

  private static int marker(ByteBuffer in) throws DamagedPictureException {
    if (Byte.toUnsignedInt(in.get()) != 0xFF) {
      throw new DamagedPictureException("no marker where one must be");
    }
    int marker;
    do {
      marker = Byte.toUnsignedInt(in.get());
    } while (marker == 0xFF);
    return marker;
  }

  /** Stops before the next marker that is neither a stuffed byte nor a restart. */
  private static void skipEntropyCodedData(ByteBuffer in) {
    while (true) {
      if (Byte.toUnsignedInt(in.get()) != 0xFF) {
        continue;
      }
      int next = Byte.toUnsignedInt(in.get(in.position()));
      if (next != 0x00 && next != 0xFF && (next < 0xD0 || next > 0xD7)) {
        in.position(in.position() - 1);
        return;
      }
    }
  }

  private static PictureHeader gif(ByteBuffer in) throws DamagedPictureException {
    in.position(6);
    int width = Short.toUnsignedInt(in.getShort());
    int height = Short.toUnsignedInt(in.getShort());
    int flags = Byte.toUnsignedInt(in.get());
    skip(in, 2 + colorTable(flags));
    int frames = 0;
    while (true) {
      int block = Byte.toUnsignedInt(in.get());
      switch (block) {
        case 0x21 -> {
          in.get(); // label
          skipSubBlocks(in);
        }
        case 0x2C -> {
          skip(in, 4); // position
          width = Math.max(width, Short.toUnsignedInt(in.getShort()));
          height = Math.max(height, Short.toUnsignedInt(in.getShort()));
          skip(in, colorTable(Byte.toUnsignedInt(in.get())) + 1);
          skipSubBlocks(in);
          frames++;
        }
        case 0x3B -> {
          if (frames == 0) {
            throw new DamagedPictureException("no frame");
          }
          DecodingCost cost = DecodingCost.ofGif((long) width * height);
          return new PictureHeader(Format.GIF, width, height, frames, 1, cost, null);
        }
        default -> throw new DamagedPictureException("an unknown block");
      }
    }
  }

  private static int colorTable(int flags) {
    return (flags & 0x80) == 0 ? 0 : 3 << ((flags & 0x07) + 1);
  }

  private static void skipSubBlocks(ByteBuffer in) {
    int length = Byte.toUnsignedInt(in.get());
    while (length > 0) {
      skip(in, length);
      length = Byte.toUnsignedInt(in.get());
    }
  }

  static void skip(ByteBuffer in, int count) {
    in.position(in.position() + count);
  }

  static String text(ByteBuffer in, int length) {
    byte[] letters = new byte[length];
    in.get(letters);
    return new String(letters, ISO_8859_1);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(ISO_8859_1);
  }

  private static boolean startsWith(byte[] bytes, int from, byte[] prefix) {
    return bytes.length >= from + prefix.length
        && Arrays.equals(bytes, from, from + prefix.length, prefix, 0, prefix.length);
  }
}
