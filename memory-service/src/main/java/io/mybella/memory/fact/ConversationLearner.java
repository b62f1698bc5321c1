package io.mybella.memory.fact;

import io.mybella.memory.conversation.ConversationFollower;
import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.pair.PairQueries;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Learns what a model has read in a conversation. It may read the same message again, when another
 * one of the conversation was changed; that confirms nothing.
 */
@Component
class ConversationLearner implements ConversationFollower {

  private final FactRows rows;
  private final Facts facts;

  ConversationLearner(FactRows rows, Facts facts) {
    this.rows = rows;
    this.facts = facts;
  }

  @Override
  public void learned(PairQueries db, List<Learned> learned) {
    List<Observation> observations =
        learned.stream()
            .map(ConversationLearner::observation)
            .flatMap(Optional::stream)
            .sorted(Comparator.comparing(Observation::at))
            .toList();
    facts.observe(db, rows.news(db, observations));
  }

  /** Empty when it cannot be called that. */
  private static Optional<Observation> observation(Learned learned) {
    return FactName.of(learned.category(), learned.key())
        .map(
            name ->
                new Observation(
                    name,
                    learned.value(),
                    Source.INFERRED,
                    Source.INFERRED.confidence(),
                    learned.message(),
                    learned.at(),
                    true));
  }
}
