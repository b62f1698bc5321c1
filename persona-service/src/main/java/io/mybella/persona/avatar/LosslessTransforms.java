package io.mybella.persona.avatar;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Walks over the transforms at the beginning of lossless WebP data (RFC 9649, section 4). Each kind
 * may occur once. The decoder does not mind how often one occurs, and goes over the whole picture
 * for each: a few kilobytes would keep it busy for hours, without reading a byte meanwhile.
 */
final class LosslessTransforms {

  private static final int COLOR_INDEXING = 3;
  private static final int SUBTRACT_GREEN = 2;

  private static final int LITERALS = 256;
  private static final int LENGTHS = 24;
  private static final int DISTANCES = 40;
  private static final int LONGEST_CODE = 15;

  private static final int[] ORDER = {
    17, 18, 0, 1, 2, 3, 4, 5, 16, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15
  };

  private final ByteBuffer in;
  private int bitPosition;

  private LosslessTransforms(ByteBuffer in) {
    this.in = in;
  }

  /**
   * Reads the transforms of a picture.
   *
   * @param in begins with the first transform
   * @throws DamagedPictureException when one occurs twice or cannot be read
   */
  static void check(ByteBuffer in, int width, int height) throws DamagedPictureException {
    new LosslessTransforms(in).check(width, height);
  }

  private void check(int fullWidth, int height) throws DamagedPictureException {
    int width = fullWidth;
    int seen = 0;
    while (bits(1) == 1) {
      int type = bits(2);
      if ((seen & 1 << type) != 0) {
        throw new DamagedPictureException("a transform that occurs twice");
      }
      seen |= 1 << type;
      if (type == COLOR_INDEXING) {
        int colors = bits(8) + 1;
        skipImage(colors, 1);
        width = blocks(width, colors > 16 ? 0 : colors > 4 ? 1 : colors > 2 ? 2 : 3);
      } else if (type != SUBTRACT_GREEN) {
        int sizeBits = bits(3) + 2;
        skipImage(blocks(width, sizeBits), blocks(height, sizeBits));
      }
    }
  }

  private static int blocks(int size, int bits) {
    return (size + (1 << bits) - 1) >> bits;
  }

  /** Skips a picture within the picture: it has one group of codes and no transforms. */
  private void skipImage(int width, int height) throws DamagedPictureException {
    int cache = bits(1) == 1 ? cacheSize() : 0;
    Code main = code(LITERALS + LENGTHS + cache);
    Code red = code(LITERALS);
    Code blue = code(LITERALS);
    Code alpha = code(LITERALS);
    Code distance = code(DISTANCES);
    long left = (long) width * height;
    while (left > 0) {
      int symbol = next(main);
      if (symbol < LITERALS) {
        next(red);
        next(blue);
        next(alpha);
        left--;
      } else if (symbol < LITERALS + LENGTHS) {
        left -= number(symbol - LITERALS);
        number(next(distance));
      } else {
        left--;
      }
    }
  }

  private int cacheSize() throws DamagedPictureException {
    int bits = bits(4);
    if (bits < 1 || bits > 11) {
      throw new DamagedPictureException("a colour cache of no size");
    }
    return 1 << bits;
  }

  /** A length or a distance: a prefix and the bits that follow it. */
  private int number(int prefix) throws DamagedPictureException {
    if (prefix < 4) {
      return prefix + 1;
    }
    int extra = (prefix - 2) >> 1;
    return ((2 + (prefix & 1)) << extra) + bits(extra) + 1;
  }

  private Code code(int alphabet) throws DamagedPictureException {
    int[] lengths = new int[alphabet];
    if (bits(1) == 0) {
      readLengths(lengths);
      return Code.of(lengths);
    }
    boolean two = bits(1) == 1;
    int first = bits(bits(1) == 1 ? 8 : 1);
    int second = two ? bits(8) : first;
    if (Math.max(first, second) >= alphabet) {
      throw new DamagedPictureException("a code of no symbol");
    }
    // Which symbol stands for which bit does not follow the order of their numbers here.
    return two ? new Code(new int[] {0, 2}, new int[] {first, second}) : Code.single(first);
  }

  private void readLengths(int[] lengths) throws DamagedPictureException {
    int[] lengthsOfLengths = new int[ORDER.length];
    int coded = bits(4) + 4;
    for (int i = 0; i < coded; i++) {
      lengthsOfLengths[ORDER[i]] = bits(3);
    }
    Code code = Code.of(lengthsOfLengths);
    int symbols = bits(1) == 1 ? 2 + bits(2 + 2 * bits(3)) : lengths.length;
    int previous = 8;
    int i = 0;
    while (i < lengths.length && symbols-- > 0) {
      int symbol = next(code);
      if (symbol < 16) {
        lengths[i++] = symbol;
        previous = symbol == 0 ? previous : symbol;
        continue;
      }
      int repeated =
          switch (symbol) {
            case 16 -> 3 + bits(2);
            case 17 -> 3 + bits(3);
            default -> 11 + bits(7);
          };
      if (i + repeated > lengths.length) {
        throw new DamagedPictureException("more lengths than symbols");
      }
      Arrays.fill(lengths, i, i + repeated, symbol == 16 ? previous : 0);
      i += repeated;
    }
  }

  private int next(Code code) throws DamagedPictureException {
    int first = 0;
    int index = 0;
    int value = 0;
    if (code.counts.length == 1) {
      return code.symbols[0];
    }
    for (int length = 1; length < code.counts.length; length++) {
      value |= bits(1);
      int count = code.counts[length];
      if (value - first < count) {
        return code.symbols[index + value - first];
      }
      index += count;
      first = (first + count) << 1;
      value <<= 1;
    }
    throw new DamagedPictureException("a code of no symbol");
  }

  /** Bits come from the low end of each byte. */
  private int bits(int count) {
    int value = 0;
    for (int i = 0; i < count; i++) {
      value |= (in.get(bitPosition >> 3) >> (bitPosition & 7) & 1) << i;
      bitPosition++;
    }
    return value;
  }

  /**
   * A canonical prefix code.
   *
   * @param counts how many symbols have a code of this length
   * @param symbols in the order of their codes
   */
  @SuppressWarnings("ArrayRecordComponent") // never compared, never handed out
  private record Code(int[] counts, int[] symbols) {

    /** The code of the only symbol, which takes no bit. */
    static Code single(int symbol) {
      return new Code(new int[1], new int[] {symbol});
    }

    static Code of(int[] lengths) throws DamagedPictureException {
      int[] counts = new int[LONGEST_CODE + 1];
      int used = 0;
      int last = 0;
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        counts[lengths[symbol]]++;
        if (lengths[symbol] > 0) {
          used++;
          last = symbol;
        }
      }
      counts[0] = 0;
      if (used <= 1) {
        return single(last);
      }
      int left = 1;
      for (int length = 1; length <= LONGEST_CODE; length++) {
        left = (left << 1) - counts[length];
        if (left < 0) {
          throw new DamagedPictureException("more codes than there are");
        }
      }
      if (left > 0) {
        throw new DamagedPictureException("codes that stand for nothing");
      }
      return new Code(counts, ordered(lengths, counts, used));
    }

    private static int[] ordered(int[] lengths, int[] counts, int used) {
      int[] offsets = new int[LONGEST_CODE + 2];
      for (int length = 1; length <= LONGEST_CODE; length++) {
        offsets[length + 1] = offsets[length] + counts[length];
      }
      int[] symbols = new int[used];
      for (int symbol = 0; symbol < lengths.length; symbol++) {
        if (lengths[symbol] > 0) {
          symbols[offsets[lengths[symbol]]++] = symbol;
        }
      }
      return symbols;
    }
  }
}
