package io.mybella.memory.recall;

import java.util.Arrays;

/** Which turns have a word, in their order, and how often. */
final class Postings {

  private static final int COUNT_BITS = 5;
  private static final int MOST = (1 << COUNT_BITS) - 1;

  /** As many turns as fit beside a count. */
  static final int TURNS = Integer.MAX_VALUE >> COUNT_BITS;

  private int[] entries = new int[1];
  private int size;

  /** Takes another turn, after all that were taken before. */
  void add(int turn, int count) {
    if (size == entries.length) {
      entries = Arrays.copyOf(entries, size + Math.max(1, size / 2));
    }
    entries[size++] = turn << COUNT_BITS | Math.min(count, MOST);
  }

  int size() {
    return size;
  }

  int turn(int i) {
    return entries[i] >> COUNT_BITS;
  }

  int count(int i) {
    return entries[i] & MOST;
  }

  int room() {
    return entries.length;
  }
}
