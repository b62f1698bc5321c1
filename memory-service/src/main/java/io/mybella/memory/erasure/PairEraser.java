package io.mybella.memory.erasure;

import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.ObjLongConsumer;
import org.springframework.stereotype.Service;

/**
 * Erases the memory of one pair. What may be long goes first, in bounded transactions; the last one
 * takes the pair's own row alone, which makes it wait for writers under way and makes later ones
 * fail, and erases whatever is left.
 */
@Service
public class PairEraser {

  /** What holds rows of a pair, in the order of erasure; the parent of all of them is the last. */
  static final List<String> TABLES = List.of("chat_message", "conversation", "persona_memory");

  /** Less than any id. */
  private static final UUID FIRST = new UUID(0, 0);

  private final PersonaScope scope;
  private final ErasureProperties properties;

  PairEraser(PersonaScope scope, ErasureProperties properties) {
    this.scope = scope;
    this.properties = properties;
  }

  /** Forgets all that a persona remembers of a user. The two may start anew at any time. */
  public void forget(PairId pair) {
    erase(pair, (_, _) -> {});
  }

  /**
   * Erases a pair.
   *
   * @param counted is told the number of rows of each table, within the transaction that erased
   *     them
   */
  void erase(PairId pair, ObjLongConsumer<String> counted) {
    Optional<UUID> until = Optional.of(FIRST);
    while (until.isPresent()) {
      UUID after = until.get();
      until = scope.call(pair, db -> eraseMessages(db, after, counted));
    }
    scope.run(pair, db -> eraseAll(db, counted));
  }

  /**
   * Erases the batch of messages that come after an id, the older before the newer. Going on from
   * there, the next one does not walk over what this one left in the index.
   *
   * @return the last id of the batch; empty when there is no whole batch
   */
  private Optional<UUID> eraseMessages(
      PairQueries db, UUID after, ObjLongConsumer<String> counted) {
    Optional<UUID> until =
        db.sql(
                """
                SELECT id FROM chat_message
                WHERE user_id = :user_id AND persona_id = :persona_id AND id > :after
                ORDER BY id LIMIT 1 OFFSET :batch - 1
                """)
            .param("after", after)
            .param("batch", properties.batch())
            .query(UUID.class)
            .optional();
    until.ifPresent(
        last ->
            counted.accept(
                "chat_message",
                db.sql(
                        """
                        DELETE FROM chat_message
                        WHERE user_id = :user_id AND persona_id = :persona_id
                          AND id > :after AND id <= :last
                        """)
                    .param("after", after)
                    .param("last", last)
                    .update()));
    return until;
  }

  private static void eraseAll(PairQueries db, ObjLongConsumer<String> counted) {
    // Who finds no memory to lock must not touch what another transaction opens at this moment: it
    // would hold a row of the conversation and wait for the memory, the writer the other way round.
    boolean held =
        !db.sql(
                """
                SELECT 1 FROM persona_memory
                WHERE user_id = :user_id AND persona_id = :persona_id FOR UPDATE
                """)
            .query()
            .listOfRows()
            .isEmpty();
    for (String table : TABLES) {
      long erased =
          held
              ? db.sql(
                      "DELETE FROM "
                          + table
                          + " WHERE user_id = :user_id AND persona_id = :persona_id")
                  .update()
              : 0;
      counted.accept(table, erased);
    }
  }
}
