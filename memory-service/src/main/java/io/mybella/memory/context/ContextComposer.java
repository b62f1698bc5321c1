package io.mybella.memory.context;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.history.MessageHistory;
import io.mybella.memory.pair.PairId;
import java.util.List;
import org.springframework.stereotype.Service;

/** Composes the context of an answer from what is remembered: for now, the recent messages. */
@Service
public class ContextComposer {

  private final MessageHistory history;

  ContextComposer(MessageHistory history) {
    this.history = history;
  }

  /**
   * The context of the next answer.
   *
   * @param limit how many recent messages at most
   * @throws Problem 404 when the user may not use the persona
   */
  public MemoryContext compose(PairId pair, int limit) {
    return new MemoryContext(
        history.page(pair, limit, null).messages(), null, List.of(), List.of());
  }
}
