package io.mybella.memory.token;

import com.knuddels.jtokkit.Encodings;
import com.knuddels.jtokkit.api.Encoding;
import com.knuddels.jtokkit.api.EncodingType;

/**
 * Counts tokens as {@code cl100k_base} does, the encoding of GPT-4. Each model has its own; the
 * newer ones need fewer tokens for most languages, so that what fits here fits there.
 */
public final class Tokens {

  /**
   * Bytes of UTF-8 that a token stands for at most, where a text is not the same over and over: 4.4
   * in English, 3.6 in German, 1.3 in Chinese, and 8 in a long row of one letter.
   */
  public static final int MOST_BYTES = 8;

  private Tokens() {}

  /** The table takes 15 MB of the heap and half a second, once a text is counted. */
  private static final class Table {

    private static final Encoding ENCODING =
        Encodings.newLazyEncodingRegistry().getEncoding(EncodingType.CL100K_BASE);
  }

  /** The tokens of a text. What would control a model is text like any other. */
  public static int of(String text) {
    return Table.ENCODING.countTokensOrdinary(text);
  }
}
