package io.mybella.operator.importing;

import java.io.PrintWriter;
import java.time.Duration;
import java.util.function.LongSupplier;

/**
 * How far it is: a bar in a terminal, and a line now and then where there is none. Several threads
 * add to it.
 */
final class Progress {

  private static final Duration IN_TERMINAL = Duration.ofMillis(200);
  private static final Duration IN_LINES = Duration.ofSeconds(10);
  private static final int WIDTH = 30;

  private final PrintWriter out;
  private final boolean terminal;
  private final LongSupplier nanos;

  private String what = "";
  private long total;
  private long done;
  private long began;
  private long shown;
  private boolean open;

  /**
   * Shows progress.
   *
   * @param terminal whether a line can be written over
   * @param nanos a clock
   */
  Progress(PrintWriter out, boolean terminal, LongSupplier nanos) {
    this.out = out;
    this.terminal = terminal;
    this.nanos = nanos;
  }

  /** Begins with something. */
  synchronized void begin(String what, long total) {
    end();
    this.what = what;
    this.total = total;
    done = 0;
    began = nanos.getAsLong();
    shown = began;
    open = total > 0;
  }

  /** Rows are dealt with. */
  synchronized void add(long rows) {
    done += rows;
    long now = nanos.getAsLong();
    if (open && now - shown >= (terminal ? IN_TERMINAL : IN_LINES).toNanos()) {
      show(now);
    }
  }

  /** Shows how it ended. */
  synchronized void end() {
    if (open) {
      show(nanos.getAsLong());
      if (terminal) {
        out.println();
        out.flush();
      }
      open = false;
    }
  }

  private void show(long now) {
    shown = now;
    double seconds = Math.max(now - began, 1_000_000L) / 1e9;
    long share = Math.min(100, done * 100 / total);
    String text =
        "%-14s %s %3d %%  %,d of %,d, %,.0f rows/s"
            .formatted(what, bar(share), share, done, total, done / seconds);
    if (terminal) {
      // To the beginning of the line, and what was longer before is erased.
      out.print("\r" + text + "\u001b[K");
    } else {
      out.println(text);
    }
    out.flush();
  }

  private static String bar(long share) {
    int full = (int) (share * WIDTH / 100);
    return "[" + "#".repeat(full) + ".".repeat(WIDTH - full) + "]";
  }
}
