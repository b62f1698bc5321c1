package io.mybella.memory.erasure;

import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import java.util.List;
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
    long erased;
    do {
      erased = scope.call(pair, db -> eraseMessages(db, counted));
    } while (erased == properties.batch());
    scope.run(pair, db -> eraseAll(db, counted));
  }

  private long eraseMessages(PairQueries db, ObjLongConsumer<String> counted) {
    long erased =
        db.sql(
                """
                DELETE FROM chat_message
                WHERE user_id = :user_id AND persona_id = :persona_id
                  AND id IN (SELECT id FROM chat_message
                             WHERE user_id = :user_id AND persona_id = :persona_id
                             ORDER BY id LIMIT :batch)
                """)
            .param("batch", properties.batch())
            .update();
    counted.accept("chat_message", erased);
    return erased;
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
