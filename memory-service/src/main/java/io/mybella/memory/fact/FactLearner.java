package io.mybella.memory.fact;

import io.mybella.memory.history.MessageFollower;
import io.mybella.memory.history.Said;
import io.mybella.memory.pair.PairQueries;
import java.time.Clock;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Learns what users say in so many words, in the transaction that stores it: the next context knows
 * it already. What was learned from a message goes with its text.
 */
@Component
class FactLearner implements MessageFollower {

  private final ExplicitWords words;
  private final FactRows rows;
  private final Clock clock;

  FactLearner(ExplicitWords words, FactRows rows, Clock clock) {
    this.words = words;
    this.rows = rows;
    this.clock = clock;
  }

  @Override
  public void stored(PairQueries db, List<Said> messages, boolean past) {
    List<Finding> findings =
        messages.stream().flatMap(message -> words.findings(message, past).stream()).toList();
    if (!findings.isEmpty()) {
      rows.take(db, findings, clock.instant());
    }
  }

  @Override
  public void edited(PairQueries db, Said message) {
    removed(db, List.of(message.id()));
    stored(db, List.of(message), true);
  }

  @Override
  public void removed(PairQueries db, List<UUID> messages) {
    rows.dropLearnedFrom(db, messages);
  }
}
