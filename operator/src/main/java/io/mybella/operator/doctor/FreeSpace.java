package io.mybella.operator.doctor;

/** What the space that is left on a disk means. */
public final class FreeSpace {

  private static final double MIB = 1 << 20;
  private static final double TOO_LITTLE = 500 * MIB;
  private static final double LITTLE = 2_000 * MIB;

  private FreeSpace() {}

  /**
   * Judges it: less than 500 MiB is a failure, less than 2,000 a warning.
   *
   * @param about whose disk it is
   * @param free in bytes; not a number where that is not known
   */
  public static Finding judge(Finding.About about, double free) {
    if (Double.isNaN(free)) {
      return about.skipped("it does not say how much space is left");
    }
    String result = "%.0f MiB are free".formatted(free / MIB);
    String advice =
        "Make room, or move the data to a larger disk; a full disk ends PostgreSQL and Kafka.";
    if (free < TOO_LITTLE) {
      return about.failed(result, advice);
    }
    return free < LITTLE ? about.warning(result, advice) : about.ok(result);
  }
}
