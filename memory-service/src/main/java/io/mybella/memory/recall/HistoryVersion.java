package io.mybella.memory.recall;

import io.mybella.memory.history.MessageFollower;
import io.mybella.memory.history.Said;
import io.mybella.memory.pair.PairQueries;
import java.util.List;
import java.util.UUID;
import org.springframework.stereotype.Component;

/**
 * Gives a history another version with every change but an addition at its end, in the transaction
 * of the change: what was indexed of it counts no more, on whatever replica. Forgetting it does the
 * same.
 */
@Component
class HistoryVersion implements MessageFollower {

  private static final String CHANGED =
      """
      UPDATE persona_memory SET version = gen_random_uuid()
      WHERE user_id = :user_id AND persona_id = :persona_id
      """;

  @Override
  public void stored(PairQueries db, List<Said> messages, boolean past) {
    if (past) {
      db.sql(CHANGED).update();
    }
  }

  @Override
  public void edited(PairQueries db, Said message) {
    db.sql(CHANGED).update();
  }

  @Override
  public void removed(PairQueries db, List<UUID> messages) {
    db.sql(CHANGED).update();
  }
}
