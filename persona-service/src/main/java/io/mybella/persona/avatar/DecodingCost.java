package io.mybella.persona.avatar;

/**
 * What a picture costs the decoder of its format, known from its header alone.
 *
 * @param held bytes that the decoder holds at once because it keeps the whole picture: the pixels
 *     of a lossless WebP, the coefficients of a JPEG with several scans (outside the heap, but
 *     memory all the same); decoders that go row by row hold nothing to speak of
 * @param effort the work of decoding, where 1 is one byte of a PNG's unpacked rows
 * @param pixelBytes of one pixel as it comes out of the decoder
 */
record DecodingCost(long held, long effort, int pixelBytes) {

  /**
   * The most work that a picture may be: about three seconds of one processor whose compiler does
   * not optimise much (measured: 25 ns for 1).
   */
  static final long MOST_EFFORT = 128_000_000;

  /** Code tables and transforms of a lossless WebP; encoders need a few megabytes at most. */
  static final long TABLES = 12L << 20;

  /** A PNG is unpacked row by row, interlaced or not. */
  static DecodingCost ofPng(int width, int height, int bitsPerPixel) {
    long row = ((long) width * bitsPerPixel + 7) / 8;
    return new DecodingCost(0, row * height, Math.max(1, bitsPerPixel / 8));
  }

  /** A GIF is unpacked row by row, a byte for each pixel. */
  static DecodingCost ofGif(long pixels) {
    return new DecodingCost(0, pixels, 1);
  }

  /**
   * A JPEG goes row by row unless it comes in several scans: then all coefficients are kept, two
   * bytes each, and every scan goes over all of them.
   *
   * @param samples of all components, which may be fewer for colour than for light
   */
  static DecodingCost ofJpeg(long pixels, long samples, int scans) {
    return new DecodingCost(scans > 1 ? 2 * samples : 0, (pixels + 1) / 2 * scans, 3);
  }

  /** A lossy WebP goes row by row and is worth ten bytes of a PNG for each pixel. */
  static DecodingCost ofLossyWebp(long pixels) {
    return new DecodingCost(0, 10 * pixels, 3);
  }

  /** A lossless WebP, or a lossy one whose transparency is one, is held as a whole. */
  static DecodingCost ofLosslessWebp(long pixels, boolean besidesLossy) {
    return new DecodingCost(4 * pixels + TABLES, (besidesLossy ? 15 : 5) * pixels, 4);
  }

  /** All that is held of a picture while it is drawn, in bytes. */
  long memory(int uploaded, long decodedPixels) {
    // What is decoded, and a half of it on the way to the size that is kept.
    return uploaded + held + decodedPixels * pixelBytes + 2 * decodedPixels;
  }
}
