package io.mybella.door;

import io.mybella.load.Load;
import java.time.Duration;
import java.util.List;

/**
 * One kind of request.
 *
 * @param port on this machine, where it is made
 * @param wanted the status of each answer
 * @param callers a connection each
 */
record Kind(int port, int wanted, List<Load.Caller> callers) {

  /** Asks for so long. */
  Load load(Duration time) throws InterruptedException {
    return Load.of(port, wanted, time, callers);
  }

  /** The same of one connection alone. */
  Kind alone() {
    return new Kind(port, wanted, callers.subList(0, 1));
  }
}
