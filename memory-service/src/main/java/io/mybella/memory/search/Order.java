package io.mybella.memory.search;

/** Which of what is found comes first. */
public enum Order {
  /** What was said last. */
  NEWEST,
  /** What has the words most often and closest to each other, in few others; then the newest. */
  BEST
}
