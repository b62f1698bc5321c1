package io.mybella.operator.importing;

import io.mybella.operator.importing.delivery.Outcome;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * What became of the rows of one table, or of the files of one folder. Several threads add to it.
 */
final class Tally {

  /** As many as a person looks at, of the rows that something is said about. */
  static final int EXAMPLES = 5;

  /** So many reasons are told apart; more are added up as one. */
  private static final int MOST_REASONS = 50;

  private static final String OTHERS = "other reasons";

  private final String name;
  private long read;
  private long imported;
  private long present;
  private long skipped;
  private final Map<String, Remark> reasons = new TreeMap<>();
  private final Map<String, Remark> notes = new TreeMap<>();

  Tally(String name) {
    this.name = name;
  }

  /**
   * Something that is said about rows.
   *
   * @param what in plain words
   * @param unplaced whether it means that something of the file is not on the platform
   * @param count of how many rows
   * @param examples of their keys
   */
  record Remark(String what, boolean unplaced, long count, List<String> examples) {

    Remark and(long more, Collection<String> keys) {
      List<String> all = new ArrayList<>(examples);
      keys.stream().limit(EXAMPLES - (long) all.size()).forEach(all::add);
      return new Remark(what, unplaced, count + more, List.copyOf(all));
    }
  }

  String name() {
    return name;
  }

  synchronized void read(long rows) {
    read += rows;
  }

  /** Counts a row as what the platform said of it. */
  synchronized void count(Outcome outcome) {
    switch (outcome.kind()) {
      case IMPORTED -> imported++;
      case PRESENT -> present++;
      case SKIPPED -> {
        String reason = outcome.reason();
        skip(outcome.key(), reason == null ? "without a reason" : reason, !outcome.isDeletedHere());
        return;
      }
    }
    String changed = outcome.reason();
    if (changed != null) {
      note(outcome.key(), changed);
    }
  }

  /** Counts a row that is on the platform as another row of the file. */
  synchronized void countTwin(String key, String note) {
    present++;
    note(key, note);
  }

  /** Counts a row that could not be placed. */
  synchronized void unplaced(String key, String reason) {
    skip(key, reason, true);
  }

  /**
   * Counts rows that could not be placed.
   *
   * @param keys of some of them
   */
  synchronized void unplaced(long rows, Collection<String> keys, String reason) {
    skipped += rows;
    add(reasons, reason, true, rows, keys);
  }

  /** Counts a row that has nothing to be placed. */
  synchronized void left(String key, String reason) {
    skip(key, reason, false);
  }

  private void skip(String key, String reason, boolean unplaced) {
    skipped++;
    add(reasons, reason, unplaced, 1, List.of(key));
  }

  /** Says something about a row, wherever it is counted. */
  synchronized void note(String key, String what) {
    add(notes, what, false, 1, List.of(key));
  }

  private static void add(
      Map<String, Remark> remarks,
      String what,
      boolean unplaced,
      long rows,
      Collection<String> keys) {
    String known = remarks.containsKey(what) || remarks.size() < MOST_REASONS ? what : OTHERS;
    Remark before = remarks.getOrDefault(known, new Remark(known, unplaced, 0, List.of()));
    remarks.put(known, before.and(rows, keys));
  }

  /** What was counted so far. */
  synchronized Figures figures() {
    return new Figures(
        name,
        read,
        imported,
        present,
        skipped,
        List.copyOf(reasons.values()),
        List.copyOf(notes.values()));
  }

  /**
   * What was counted.
   *
   * @param name the table
   * @param read rows that the file has
   * @param imported of these, those that are on the platform since now
   * @param alreadyThere those that were before
   * @param skipped those that are not
   * @param reasons why rows were skipped
   * @param notes what was changed on the way
   */
  record Figures(
      String name,
      long read,
      long imported,
      long alreadyThere,
      long skipped,
      List<Remark> reasons,
      List<Remark> notes) {

    boolean addsUp() {
      return read == imported + alreadyThere + skipped;
    }

    boolean hasUnplaced() {
      return reasons.stream().anyMatch(Remark::unplaced);
    }
  }
}
