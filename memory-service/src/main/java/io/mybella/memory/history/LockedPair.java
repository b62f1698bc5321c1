package io.mybella.memory.history;

import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.persona.Verdict;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * The row of a pair, locked until the transaction ends: nobody else adds to its history, changes or
 * erases it meanwhile. A statement after this sees all that was committed by those before.
 *
 * @param exists whether there is a memory; never unless the access is allowed
 * @param lastId the greatest id that a message was given
 * @param forgetting whether something that is forgotten is still to be erased
 */
public record LockedPair(
    Verdict verdict, boolean exists, @Nullable UUID lastId, boolean forgetting) {

  private static final String LOCK =
      """
      WITH access AS MATERIALIZED (SELECT %s AS usable),
      memory AS MATERIALIZED (
        SELECT user_id, last_message_id, forgotten_upto IS NOT NULL AS forgetting
        FROM persona_memory
        WHERE user_id = :user_id AND persona_id = :persona_id AND (SELECT usable FROM access)
        FOR NO KEY UPDATE)
      SELECT usable, user_id IS NOT NULL AS found, last_message_id, forgetting
      FROM access LEFT JOIN memory ON true
      """
          .formatted(Verdict.SQL);

  /** Locks the row, until the end of the transaction. */
  public static LockedPair lock(PairQueries db) {
    return db.sql(LOCK)
        .query(
            (row, _) ->
                new LockedPair(
                    Verdict.of(row, "usable"),
                    row.getBoolean("found"),
                    row.getObject("last_message_id", UUID.class),
                    row.getBoolean("forgetting")))
        .single();
  }
}
