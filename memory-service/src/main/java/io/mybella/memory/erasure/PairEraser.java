package io.mybella.memory.erasure;

import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.work.Turn;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import org.springframework.stereotype.Component;

/**
 * Erases the memory of one pair, or what is forgotten of it. What may be long goes first, in
 * bounded transactions; the last one takes the pair's own row alone, which makes it wait for
 * writers under way and makes later ones fail, and erases whatever is left. It may be left at any
 * point, and by the death of the process: what is gone is gone and counted.
 */
@Component
class PairEraser {

  /** The parent of all that a pair has. */
  static final String PARENT = "persona_memory";

  /** Less than any id. */
  private static final UUID FIRST = new UUID(0, 0);

  /** The greatest of all ids. */
  private static final UUID LAST = new UUID(-1L, -1L);

  private final PersonaScope scope;
  private final List<ErasableTable> tables;
  private final List<ErasableTable> forgettable;
  private final ErasureProperties properties;

  PairEraser(PersonaScope scope, List<ErasableTable> tables, ErasureProperties properties) {
    this.scope = scope;
    this.tables = List.copyOf(tables);
    this.forgettable = ErasableTable.forgettable(tables);
    this.properties = properties;
  }

  /**
   * Erases a pair.
   *
   * @param counted is told the number of rows of each table, within the transaction that erased
   *     them
   * @return whether nothing of it is left; false when the turn ended before
   */
  boolean erase(PairId pair, Consumer<Map<String, Long>> counted, Turn turn) {
    if (!eraseBatches(tables, pair, LAST, counted, turn)) {
      return false;
    }
    scope.callErasingPair(
        pair,
        db -> {
          counted.accept(eraseRest(db));
          return true;
        });
    return true;
  }

  /**
   * Erases what is forgotten of a pair, and the pair itself when nothing else is left.
   *
   * @return whether nothing of it is left; false when the turn ended before, or more was forgotten
   *     meanwhile
   */
  boolean eraseForgotten(PairId pair, Turn turn) {
    Optional<UUID> mark = scope.call(pair, PairEraser::mark);
    return (mark.isEmpty() || eraseBatches(forgettable, pair, mark.get(), _ -> {}, turn))
        && scope.<Boolean>callErasingPair(pair, db -> fulfil(db, mark));
  }

  private boolean eraseBatches(
      List<ErasableTable> some,
      PairId pair,
      UUID last,
      Consumer<Map<String, Long>> counted,
      Turn turn) {
    for (ErasableTable table : some) {
      Optional<UUID> until = Optional.of(FIRST);
      while (until.isPresent()) {
        if (turn.isOver()) {
          return false;
        }
        UUID after = until.get();
        until = scope.callErasingPair(pair, db -> eraseBatch(db, table, after, last, counted));
      }
    }
    return true;
  }

  /**
   * Erases the batch of rows that come after a key, the older before the newer. Going on from
   * there, the next one does not walk over what this one left in the index.
   *
   * @param last no row with a greater key
   * @return the last key of the batch; empty when there is no whole batch
   */
  private Optional<UUID> eraseBatch(
      PairQueries db,
      ErasableTable table,
      UUID after,
      UUID last,
      Consumer<Map<String, Long>> counted) {
    Optional<UUID> until =
        db.sql(
                table.in(
                    """
                    SELECT {key} FROM {table}
                    WHERE user_id = :user_id AND persona_id = :persona_id
                      AND {key} > :after AND {key} <= :last
                    ORDER BY {key} LIMIT 1 OFFSET :batch - 1
                    """))
            .param("after", after)
            .param("last", last)
            .param("batch", properties.batch())
            .query(UUID.class)
            .optional();
    until.ifPresent(
        end -> counted.accept(Map.of(table.name(), eraseBetween(db, table, after, end))));
    return until;
  }

  private Map<String, Long> eraseRest(PairQueries db) {
    // Who finds no memory to lock must not touch what another transaction opens at this moment: it
    // would hold a row of the conversation and wait for the memory, the writer the other way round.
    boolean held = lock(db);
    Map<String, Long> erased = new HashMap<>();
    for (ErasableTable table : tables) {
      erased.put(table.name(), held ? eraseAll(db, table.name()) : 0);
    }
    erased.put(PARENT, held ? eraseAll(db, PARENT) : 0);
    return erased;
  }

  /** Ends the forgetting; false when another mark was set meanwhile. */
  private boolean fulfil(PairQueries db, Optional<UUID> mark) {
    if (!lock(db)) {
      return true;
    }
    if (!mark(db).equals(mark)) {
      return false;
    }
    mark.ifPresent(last -> forgettable.forEach(table -> eraseBetween(db, table, FIRST, last)));
    if (tables.stream().noneMatch(table -> hasRows(db, table))) {
      eraseAll(db, PARENT);
    } else {
      // A statement that began before this still has its rows measured by the mark: what is written
      // from now on is above it all the same, because of last_message_id.
      db.sql(
              """
              UPDATE persona_memory SET forgotten_upto = NULL
              WHERE user_id = :user_id AND persona_id = :persona_id
              """)
          .update();
    }
    return true;
  }

  /**
   * Takes the pair's row alone: waits for whoever writes something of the pair, and keeps others
   * waiting until the commit.
   *
   * @return whether the pair has a memory
   */
  static boolean lock(PairQueries db) {
    return !db.sql(
            """
            SELECT 1 FROM persona_memory
            WHERE user_id = :user_id AND persona_id = :persona_id FOR UPDATE
            """)
        .query()
        .listOfRows()
        .isEmpty();
  }

  /** Up to where the pair is forgotten and not erased yet. */
  private static Optional<UUID> mark(PairQueries db) {
    return db.sql(
            """
            SELECT forgotten_upto FROM persona_memory
            WHERE user_id = :user_id AND persona_id = :persona_id AND forgotten_upto IS NOT NULL
            """)
        .query(UUID.class)
        .optional();
  }

  private static boolean hasRows(PairQueries db, ErasableTable table) {
    return db.sql(
            table.in(
                """
                SELECT EXISTS (
                  SELECT FROM {table} WHERE user_id = :user_id AND persona_id = :persona_id)
                """))
        .query(Boolean.class)
        .single();
  }

  private static long eraseBetween(PairQueries db, ErasableTable table, UUID after, UUID last) {
    return db.sql(
            table.in(
                """
                DELETE FROM {table}
                WHERE user_id = :user_id AND persona_id = :persona_id
                  AND {key} > :after AND {key} <= :last
                """))
        .param("after", after)
        .param("last", last)
        .update();
  }

  private static long eraseAll(PairQueries db, String table) {
    return db.sql("DELETE FROM " + table + " WHERE user_id = :user_id AND persona_id = :persona_id")
        .update();
  }
}
