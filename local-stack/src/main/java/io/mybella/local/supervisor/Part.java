package io.mybella.local.supervisor;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Something that runs as a process of its own and can be started again and again. */
public interface Part {

  /** Unique within a stack. */
  String name();

  /** The TCP port it listens on. */
  int port();

  /** Where it is reached, for people. */
  String address();

  /** The HTTP address that answers 200 when it is healthy; empty where its port has to do. */
  default String healthAddress() {
    return "";
  }

  /** The file that its output is kept in. */
  Path log();

  /**
   * The names of the parts that it cannot do without when it starts. It is first started when they
   * are healthy; what it merely uses, it waits for by itself.
   */
  default Set<String> needs() {
    return Set.of();
  }

  /**
   * Starts its process; it need not be healthy when this returns.
   *
   * @throws IOException when the process cannot be started
   * @throws IllegalStateException when it says itself why it cannot run
   */
  Run start() throws IOException;

  /** One run of a part: from a start to the end of its process. */
  interface Run {

    /** The process id. */
    long pid();

    /** Whether it does its work now. */
    boolean isHealthy();

    /**
     * Whether it gives an answer at all, be it that it cannot work at the moment. One that gives
     * none for long is ended and started anew.
     *
     * @param limit how long to wait for the answer
     */
    boolean answers(Duration limit);

    /**
     * Whether it says itself that it is on its way and needs more time, as a database does that
     * recovers from a crash. Such a start is not given up.
     */
    default boolean asksForTime() {
      return false;
    }

    /** Completes with a word about how the process ended, whatever the reason. */
    CompletableFuture<String> onExit();

    /** Asks the process to give back memory that it has no use for, and does not wait. */
    default void askToTidy() {}

    /** Asks the process to end in an orderly way, and does not wait. */
    void askToEnd();

    /** Ends the process at once. */
    void kill();
  }
}
