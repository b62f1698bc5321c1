package io.mybella.memory.pair;

import java.util.stream.LongStream;
import org.springframework.jdbc.core.simple.JdbcClient;

/**
 * Enough rows that the planner has something to choose from: one pair with a long history, and many
 * other users of the same persona.
 */
public final class ManyMemories {

  /** Messages of the long history. */
  public static final int LONG = 20_000;

  /** Other users of the persona. */
  private static final int OTHERS = 400;

  /** Messages of each of them. */
  private static final int SHORT = 50;

  private ManyMemories() {}

  /**
   * Makes them and has their statistics taken.
   *
   * @param superuser past every policy
   * @param pair whose history becomes long; it has a memory already
   * @param firstOther the least of the ids of others, all of which must be free
   */
  public static void make(JdbcClient superuser, PairId pair, long firstOther) {
    superuser
        .sql(
            """
            INSERT INTO persona_memory (user_id, persona_id)
            SELECT user_id, :persona_id FROM generate_series(:first, :last) AS user_id
            """)
        .param("persona_id", pair.personaId())
        .param("first", firstOther)
        .param("last", firstOther + OTHERS - 1)
        .update();
    say(superuser, pair, LONG);
    LongStream.range(firstOther, firstOther + OTHERS)
        .forEach(user -> say(superuser, new PairId(user, pair.personaId()), SHORT));
    superuser.sql("VACUUM ANALYZE persona_memory, conversation, chat_message").update();
  }

  /** Takes back what {@link #make} made. */
  public static void remove(JdbcClient superuser, PairId pair) {
    superuser
        .sql("DELETE FROM persona_memory WHERE persona_id = :persona_id")
        .param("persona_id", pair.personaId())
        .update();
  }

  private static void say(JdbcClient superuser, PairId pair, int messages) {
    superuser
        .sql(
            """
            INSERT INTO chat_message (user_id, persona_id, id, conversation_id, role, content,
              created_at, client_message_id, idempotency_key)
            SELECT :user_id, :persona_id, uuidv7(), uuidv7(), 'user', 'message ' || n, now(),
              'client ' || n, 'key ' || n
            FROM generate_series(1, :messages) AS n
            """)
        .param("user_id", pair.userId())
        .param("persona_id", pair.personaId())
        .param("messages", messages)
        .update();
  }
}
