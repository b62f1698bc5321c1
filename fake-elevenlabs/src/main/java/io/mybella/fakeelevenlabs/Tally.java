package io.mybella.fakeelevenlabs;

/**
 * How much a voice, or all of them, were asked to say.
 *
 * @param calls how often, refused ones included
 * @param mostAtOnce the greatest number of calls at the same time, refused ones included
 * @param characters said, each as one, whatever it cost
 */
public record Tally(int calls, int mostAtOnce, long characters) {

  static final Tally NOTHING = new Tally(0, 0, 0);
}
