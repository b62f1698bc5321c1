package io.mybella.persona.avatar;

import static io.mybella.persona.avatar.PictureHeader.skip;
import static io.mybella.persona.avatar.PictureHeader.text;

import io.mybella.persona.avatar.PictureHeader.Format;
import io.mybella.persona.avatar.PictureHeader.Span;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The chunks of a WebP file (RFC 9649). A file that says different sizes in different places, or
 * has more than one picture where one belongs, is damaged: which of them a decoder takes is
 * anybody's guess.
 */
final class WebpStructure {

  private static final int CHUNK_HEADER = 8;
  private static final int FRAME_HEADER = 16;

  private final ByteBuffer in;
  private int width;
  private int height;
  private int frames;
  private boolean lossless;
  private @Nullable Span lossy;

  /** Of the picture or frame under way. */
  private int frameWidth;

  private int frameHeight;
  private int pictures;
  private int alphas;

  private WebpStructure(ByteBuffer in) {
    this.in = in;
  }

  /** Walks through all chunks; the buffer is little-endian. */
  static PictureHeader read(ByteBuffer in) throws DamagedPictureException {
    return new WebpStructure(in).read();
  }

  private PictureHeader read() throws DamagedPictureException {
    in.position(4);
    long end = Integer.toUnsignedLong(in.getInt()) + CHUNK_HEADER;
    if (end > in.limit()) {
      throw new DamagedPictureException("cut off");
    }
    in.position(12);
    chunks((int) end);
    int shown = frames + pictures;
    if (shown == 0) {
      throw new DamagedPictureException("no frame");
    }
    long pixels = (long) width * height;
    DecodingCost cost =
        lossless
            ? DecodingCost.ofLosslessWebp(pixels, lossy != null)
            : DecodingCost.ofLossyWebp(pixels);
    return new PictureHeader(Format.WEBP, width, height, shown, 1, cost, lossy);
  }

  private void chunks(int end) throws DamagedPictureException {
    while (end - in.position() >= CHUNK_HEADER) {
      String type = text(in, 4);
      int length = in.getInt();
      int next = Math.addExact(in.position(), length);
      if (length < 0 || next > end) {
        throw new DamagedPictureException("a chunk that is too long");
      }
      switch (type) {
        case "VP8X" -> {
          skip(in, 4);
          sized(1 + threeBytes(), 1 + threeBytes());
        }
        case "VP8 " -> lossyPicture(next);
        case "VP8L" -> losslessPicture(next);
        case "ALPH" -> transparency(next);
        case "ANMF" -> frame(next);
        default -> {}
      }
      // Chunks are padded to an even length.
      in.position(Math.min(end, next + (length & 1)));
    }
  }

  private void frame(int end) throws DamagedPictureException {
    if (end - in.position() < FRAME_HEADER) {
      throw new DamagedPictureException("a frame that is cut off");
    }
    int picturesOutside = pictures;
    int alphasOutside = alphas;
    int widthOutside = frameWidth;
    int heightOutside = frameHeight;
    pictures = 0;
    alphas = 0;
    frameWidth = 0;
    frameHeight = 0;
    skip(in, 6); // position
    sized(1 + threeBytes(), 1 + threeBytes());
    skip(in, 4); // duration and flags
    chunks(end);
    frames += 1;
    pictures = picturesOutside;
    alphas = alphasOutside;
    frameWidth = widthOutside;
    frameHeight = heightOutside;
  }

  private void lossyPicture(int end) throws DamagedPictureException {
    int start = in.position();
    skip(in, 6); // frame tag and start code
    picture(in.getShort() & 0x3FFF, in.getShort() & 0x3FFF);
    if (lossy == null) {
      lossy = new Span(start, end);
    }
  }

  private void losslessPicture(int end) throws DamagedPictureException {
    if (in.get() != 0x2F) {
      throw new DamagedPictureException("no VP8L signature");
    }
    int sizes = in.getInt();
    picture(1 + (sizes & 0x3FFF), 1 + ((sizes >>> 14) & 0x3FFF));
    losslessData(end);
  }

  private void transparency(int end) throws DamagedPictureException {
    if (++alphas > 1 || frameWidth == 0) {
      throw new DamagedPictureException("transparency of nothing");
    }
    int compression = in.get() & 0x03;
    if (compression == 1) {
      losslessData(end);
    }
  }

  private void losslessData(int end) throws DamagedPictureException {
    lossless = true;
    // Only the first frame is ever decoded, and nothing whose size is refused anyway.
    DecodingCost cost = DecodingCost.ofLosslessWebp((long) frameWidth * frameHeight, false);
    if (frames == 0 && cost.effort() <= DecodingCost.MOST_EFFORT) {
      var data = in.slice(in.position(), end - in.position());
      LosslessTransforms.check(data, frameWidth, frameHeight);
    }
  }

  private void picture(int ownWidth, int ownHeight) throws DamagedPictureException {
    if (++pictures > 1) {
      throw new DamagedPictureException("two pictures in the place of one");
    }
    sized(ownWidth, ownHeight);
  }

  private void sized(int claimedWidth, int claimedHeight) throws DamagedPictureException {
    if (frameWidth != 0 && (frameWidth != claimedWidth || frameHeight != claimedHeight)) {
      throw new DamagedPictureException("two sizes of one picture");
    }
    frameWidth = claimedWidth;
    frameHeight = claimedHeight;
    width = Math.max(width, claimedWidth);
    height = Math.max(height, claimedHeight);
  }

  private int threeBytes() {
    return Byte.toUnsignedInt(in.get())
        | Byte.toUnsignedInt(in.get()) << 8
        | Byte.toUnsignedInt(in.get()) << 16;
  }
}
