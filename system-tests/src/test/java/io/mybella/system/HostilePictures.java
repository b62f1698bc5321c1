package io.mybella.system;

import static java.nio.charset.StandardCharsets.US_ASCII;

import com.microsoft.playwright.options.FilePayload;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;
import java.util.zip.CRC32;
import java.util.zip.Deflater;

/** Pictures of a few bytes that would be large if they were decoded. */
final class HostilePictures {

  private HostilePictures() {}

  /** One of each kind. */
  static List<FilePayload> all() {
    return List.of(
        webp("VP8 ", vp8(4_000, 3_000)),
        webp("VP8 ", vp8(16_383, 16_383)),
        webp("VP8L", vp8l(5_000, 5_000)),
        webp("VP8L", vp8l(16_384, 16_384)),
        png(25_000_000, 1, 8, 2),
        png(12_500_000, 1, 16, 6),
        png(50_000, 50_000, 8, 2));
  }

  /** The head of a key frame, and nothing that it could be decoded from. */
  private static byte[] vp8(int width, int height) {
    return ByteBuffer.allocate(74)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(new byte[] {(byte) 0xd0, 0x01, 0x00, (byte) 0x9d, 0x01, 0x2a})
        .putShort((short) width)
        .putShort((short) height)
        .array();
  }

  private static byte[] vp8l(int width, int height) {
    return ByteBuffer.allocate(70)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put((byte) 0x2f)
        .putInt((width - 1) | (height - 1) << 14)
        .array();
  }

  private static FilePayload webp(String chunk, byte[] data) {
    ByteBuffer file = ByteBuffer.allocate(20 + data.length).order(ByteOrder.LITTLE_ENDIAN);
    file.put("RIFF".getBytes(US_ASCII)).putInt(12 + data.length);
    file.put("WEBP".getBytes(US_ASCII)).put(chunk.getBytes(US_ASCII));
    file.putInt(data.length).put(data);
    return new FilePayload("a.webp", "image/webp", file.array());
  }

  /**
   * Black; data for a thousand times its bytes, at most of 75 MB.
   *
   * @param type of colour: 2 is RGB, 6 is RGBA
   */
  private static FilePayload png(int width, int height, int depth, int type) {
    ByteBuffer header = ByteBuffer.allocate(13).putInt(width).putInt(height);
    header.put((byte) depth).put((byte) type);
    long row = 1 + (long) width * (type == 6 ? 4 : 3) * depth / 8;
    var file = new ByteArrayOutputStream();
    file.writeBytes(new byte[] {(byte) 0x89, 'P', 'N', 'G', '\r', '\n', 0x1a, '\n'});
    file.writeBytes(chunk("IHDR", header.array()));
    file.writeBytes(chunk("IDAT", zeros(Math.min(row * height, 75_000_001))));
    file.writeBytes(chunk("IEND", new byte[0]));
    return new FilePayload("a.png", "image/png", file.toByteArray());
  }

  private static byte[] chunk(String name, byte[] data) {
    CRC32 sum = new CRC32();
    sum.update(name.getBytes(US_ASCII));
    sum.update(data);
    return ByteBuffer.allocate(12 + data.length)
        .putInt(data.length)
        .put(name.getBytes(US_ASCII))
        .put(data)
        .putInt((int) sum.getValue())
        .array();
  }

  private static byte[] zeros(long count) {
    var deflated = new ByteArrayOutputStream();
    try (Deflater deflater = new Deflater()) {
      byte[] piece = new byte[1 << 16];
      byte[] out = new byte[1 << 16];
      for (long left = count; left > 0; left -= piece.length) {
        deflater.setInput(piece, 0, (int) Math.min(piece.length, left));
        while (!deflater.needsInput()) {
          deflated.write(out, 0, deflater.deflate(out));
        }
      }
      deflater.finish();
      while (!deflater.finished()) {
        deflated.write(out, 0, deflater.deflate(out));
      }
    }
    return deflated.toByteArray();
  }
}
