package io.mybella.chassis.outbox;

/** An outbox that is measured, with a database of its own. */
interface Candidate extends AutoCloseable {

  /** Of the size of a persona's snapshot. */
  record Fact(long number, String filler) {

    static Fact of(long number) {
      return new Fact(number, "x".repeat(600));
    }

    /** A thousand aggregates. */
    String key() {
      return "key-" + number % 1000;
    }
  }

  /** Commits one event in a transaction of its own. */
  void publish(long number);

  /** Starts to send. */
  void start();

  /**
   * Commits so many events, numbered from 0, before anything of them is sent, and has them sent.
   *
   * @return {@link System#nanoTime} when the backlog was there and the sender at work
   */
  long startWithBacklog(int events);

  /** Ends sending and forgets all events. */
  void stop();

  @Override
  void close();
}
