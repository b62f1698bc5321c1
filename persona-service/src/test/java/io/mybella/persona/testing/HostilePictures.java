package io.mybella.persona.testing;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.CRC32;
import java.util.zip.DeflaterOutputStream;

/** Small files that ask a decoder for very much. */
public final class HostilePictures {

  /** One of them, with the words for a report. */
  @SuppressWarnings("ArrayRecordComponent") // never compared
  public record Hostile(String name, byte[] bytes) {

    @Override
    public String toString() {
      return name + ", " + bytes.length + " bytes";
    }
  }

  private static final int RGB = 2;
  private static final int RGBA = 6;

  private HostilePictures() {}

  /** None of them may be decoded. */
  public static List<Hostile> all() {
    return List.of(
        new Hostile("lossy WebP of 5,000 x 5,000", lossyWebp(5000, 5000)),
        new Hostile("lossy WebP of 16,383 x 16,383", lossyWebp(16_383, 16_383)),
        new Hostile("lossless WebP of 5,000 x 5,000", lossless(5000, 5000)),
        new Hostile("PNG of 25,000,000 x 1", png(25_000_000, 1, 8, RGB)),
        new Hostile("PNG of 1 x 25,000,000", png(1, 25_000_000, 8, RGB)),
        new Hostile("PNG of 5,000 x 5,000 in 64 bits", png(5000, 5000, 16, RGBA)),
        new Hostile("65,536 groups of codes", codeGroups()),
        new Hostile("a thousand transforms", transforms(1000)),
        new Hostile("two pictures in one", twoPictures()),
        new Hostile("a canvas that hides its picture", hiddenSize()),
        new Hostile("a lossy WebP whose data end", lossyWebp(4000, 3000)));
  }

  /** A lossy WebP of one colour that claims to be larger than its data. */
  public static byte[] lossyWebp(int width, int height) {
    return riff(chunk("VP8 ", lossyData(width, height)));
  }

  /** A lossless WebP of one colour, whose pixels take no bit each. */
  public static byte[] lossless(int width, int height) {
    var bits = new Bits();
    bits.add(0, 1); // no transform
    bits.add(0, 1); // no colour cache
    bits.add(0, 1); // one group of codes
    oneGroup(bits);
    return riff(chunk("VP8L", losslessData(width, height, bits)));
  }

  private static byte[] codeGroups() {
    var bits = new Bits();
    bits.add(0, 1); // no transform
    bits.add(0, 1); // no colour cache
    bits.add(1, 1); // several groups of codes
    bits.add(7, 3); // one for each block of 512 x 512
    bits.add(0, 1);
    // The picture of the groups has one pixel: the number of its group, in red and green.
    bits.add(0b101, 3).add(255, 8);
    bits.add(0b101, 3).add(255, 8);
    for (int i = 0; i < 3; i++) {
      bits.add(0b0001, 4);
    }
    for (int group = 0; group < 65_536; group++) {
      oneGroup(bits);
    }
    return riff(chunk("VP8L", losslessData(512, 512, bits)));
  }

  private static byte[] transforms(int number) {
    var bits = new Bits();
    for (int i = 0; i < number; i++) {
      bits.add(1, 1).add(0, 2); // a predictor
      bits.add(7, 3); // for each block of 512 x 512
      bits.add(0, 1);
      oneGroup(bits);
    }
    bits.add(0, 1).add(0, 1).add(0, 1);
    oneGroup(bits);
    return riff(chunk("VP8L", losslessData(2400, 2000, bits)));
  }

  private static byte[] twoPictures() {
    byte[] picture = lossless(2000, 2000);
    byte[] data = new byte[picture.length - 12];
    System.arraycopy(picture, 12, data, 0, data.length);
    return riff(canvas(2000, 2000), data, data);
  }

  private static byte[] hiddenSize() {
    return riff(canvas(10, 10), chunk("VP8 ", lossyData(16_000, 16_000)));
  }

  /** Five codes of one symbol each, which then take no bit. */
  private static void oneGroup(Bits bits) {
    for (int code = 0; code < 5; code++) {
      bits.add(0b0001, 4);
    }
  }

  private static byte[] lossyData(int width, int height) {
    byte[] small = Pictures.lossyWebp();
    ByteBuffer data = ByteBuffer.allocate(66).order(ByteOrder.LITTLE_ENDIAN);
    data.put(small, 20, 22);
    data.putShort(6, (short) width).putShort(8, (short) height);
    return data.array();
  }

  private static byte[] losslessData(int width, int height, Bits bits) {
    byte[] stream = bits.bytes();
    ByteBuffer data = ByteBuffer.allocate(5 + stream.length).order(ByteOrder.LITTLE_ENDIAN);
    return data.put((byte) 0x2F).putInt((width - 1) | ((height - 1) << 14)).put(stream).array();
  }

  private static byte[] canvas(int width, int height) {
    ByteBuffer data = ByteBuffer.allocate(10).order(ByteOrder.LITTLE_ENDIAN);
    data.putInt(0)
        .putInt((width - 1) | (((height - 1) & 0xFF) << 24))
        .putShort((short) ((height - 1) >> 8));
    return chunk("VP8X", data.array());
  }

  private static byte[] chunk(String type, byte[] data) {
    int padded = data.length + (data.length & 1);
    ByteBuffer chunk = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN);
    return chunk.put(type.getBytes(ISO_8859_1)).putInt(data.length).put(data).array();
  }

  private static byte[] riff(byte[]... chunks) {
    int length = 4 + Stream.of(chunks).mapToInt(each -> each.length).sum();
    ByteBuffer file = ByteBuffer.allocate(8 + length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(ISO_8859_1)).putInt(length).put("WEBP".getBytes(ISO_8859_1));
    for (byte[] chunk : chunks) {
      file.put(chunk);
    }
    return file.array();
  }

  /** A whole PNG of one colour. */
  private static byte[] png(int width, int height, int depth, int colorType) {
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    png.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1A, '\n'});
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    pngChunk(png, "IHDR", header.put((byte) depth).put((byte) colorType).array());
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    long left = (1L + (long) width * depth / 8 * (colorType == RGB ? 3 : 4)) * height;
    byte[] zeros = new byte[1 << 16];
    try (var packing = new DeflaterOutputStream(packed)) {
      for (; left > 0; left -= zeros.length) {
        packing.write(zeros, 0, (int) Math.min(left, zeros.length));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    pngChunk(png, "IDAT", packed.toByteArray());
    pngChunk(png, "IEND", new byte[0]);
    return png.toByteArray();
  }

  private static void pngChunk(ByteArrayOutputStream png, String type, byte[] data) {
    ByteBuffer chunk = ByteBuffer.allocate(12 + data.length);
    chunk.putInt(data.length).put(type.getBytes(ISO_8859_1)).put(data);
    CRC32 crc = new CRC32();
    crc.update(chunk.array(), 4, 4 + data.length);
    png.writeBytes(chunk.putInt((int) crc.getValue()).array());
  }

  /** Bits from the low end of each byte. */
  private static final class Bits {

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    private int last;
    private int used;

    Bits add(int value, int count) {
      for (int i = 0; i < count; i++) {
        last |= ((value >> i) & 1) << used;
        if (++used == 8) {
          bytes.write(last);
          last = 0;
          used = 0;
        }
      }
      return this;
    }

    /** With room behind them, as decoders read ahead. */
    byte[] bytes() {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(bytes.toByteArray());
      all.write(last);
      all.writeBytes(new byte[32]);
      return all.toByteArray();
    }
  }
}
