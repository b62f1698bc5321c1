package io.mybella.memory.stats;

import java.time.Instant;
import java.time.LocalDate;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Figures of a memory.
 *
 * @param tokens of those messages that say what they cost
 * @param bytes of the texts of messages, in UTF-8
 * @param firstMessageAt null when there are no messages, and likewise the last
 * @param perRole messages of each role
 * @param perDay the last 366 days in UTC, without those on which nothing was said
 */
public record MemoryStats(
    long messages,
    long conversations,
    long tokens,
    long bytes,
    @Nullable Instant firstMessageAt,
    @Nullable Instant lastMessageAt,
    Map<String, Long> perRole,
    List<Day> perDay) {

  /** What was said on a day. */
  public record Day(LocalDate day, long messages) {}
}
