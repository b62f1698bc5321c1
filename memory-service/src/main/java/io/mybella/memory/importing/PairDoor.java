package io.mybella.memory.importing;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.history.LockedPair;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import java.time.Duration;
import java.util.Optional;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Component;

/** Whether anything can be imported into a memory, and its opening where it can. */
@Component
class PairDoor {

  private static final Duration SOON = Duration.ofSeconds(1);

  private final JdbcClient database;
  private final Conversations conversations;

  PairDoor(JdbcClient database, Conversations conversations) {
    this.database = database;
    this.conversations = conversations;
  }

  /**
   * Opens the memory of a pair, unless something speaks against it. A persona that is switched off
   * is no hindrance: what it remembers comes along.
   *
   * @return why nothing can be imported into it; empty when it is open
   * @throws Problem 409 when no event has told of the persona yet
   */
  Optional<String> open(PairId pair) {
    boolean gone =
        database
            .sql(
                """
                SELECT EXISTS (SELECT FROM persona_tombstone WHERE persona_id = :persona_id)
                  OR EXISTS (SELECT FROM account_tombstone WHERE user_id = :user_id)
                """)
            .param("persona_id", pair.personaId())
            .param("user_id", pair.userId())
            .query(Boolean.class)
            .single();
    if (gone) {
      return Optional.of("deleted here since: the persona or the account is gone");
    }
    boolean usable =
        database
            .sql(
                """
                SELECT owner_user_id IS NULL OR owner_user_id = :user_id FROM known_persona
                WHERE persona_id = :persona_id
                """)
            .param("persona_id", pair.personaId())
            .param("user_id", pair.userId())
            .query(Boolean.class)
            .optional()
            .orElseThrow(() -> Problem.conflict("The persona is not known yet"));
    if (!usable) {
      return Optional.of("the persona belongs to somebody else");
    }
    conversations.remember(pair);
    return Optional.empty();
  }

  /**
   * Locks the memory for what belongs to the past.
   *
   * @throws Problem 409 when it is not there any more, 503 when something of it is being forgotten
   */
  void enter(PairQueries db) {
    LockedPair locked = LockedPair.lock(db);
    if (!locked.exists()) {
      throw changed();
    }
    if (locked.forgetting()) {
      throw Problem.unavailable(
          "What was forgotten is still being erased; try again in a moment", SOON);
    }
  }

  /** Something was deleted between two looks. */
  static Problem changed() {
    return Problem.conflict("The memory has changed meanwhile; send the rows again");
  }
}
