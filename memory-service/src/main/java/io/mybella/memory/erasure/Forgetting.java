package io.mybella.memory.erasure;

import static java.util.stream.Collectors.joining;

import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.work.Subject;
import io.mybella.memory.work.Turn;
import io.mybella.memory.work.WorkHandler;
import io.mybella.memory.work.WorkKind;
import io.mybella.memory.work.WorkLedger;
import io.mybella.memory.work.WorkResult;
import java.util.List;
import org.springframework.stereotype.Service;

/**
 * Forgets what a persona remembers of a user. A mark in the pair's row says up to where: the
 * policies hide what is at or below it from every statement at once, and the worker erases it.
 */
@Service
public class Forgetting implements WorkHandler {

  private static final WorkKind KIND = new WorkKind("forget");

  private final PersonaScope scope;
  private final List<ErasableTable> tables;
  private final PairEraser pairs;
  private final WorkLedger ledger;
  private final String setMark;

  Forgetting(PersonaScope scope, List<ErasableTable> tables, PairEraser pairs, WorkLedger ledger) {
    this.scope = scope;
    this.tables = ErasableTable.forgettable(tables);
    this.pairs = pairs;
    this.ledger = ledger;
    this.setMark =
        """
        UPDATE persona_memory
        SET forgotten_upto = GREATEST(forgotten_upto, newest),
            last_message_id = GREATEST(last_message_id, newest),
            version = gen_random_uuid()
        FROM (SELECT GREATEST(%s) AS newest) AS said
        WHERE user_id = :user_id AND persona_id = :persona_id
        """
            .formatted(this.tables.stream().map(Forgetting::newest).collect(joining(", ")));
  }

  private static String newest(ErasableTable table) {
    return table.in(
        """
        (SELECT {key} FROM {table} WHERE user_id = :user_id AND persona_id = :persona_id
         ORDER BY {key} DESC LIMIT 1)\
        """);
  }

  /**
   * Forgets all that there is of a pair, in one short transaction. What is written afterwards is
   * remembered, also by writers that were waiting for this: the pair's row, which writers share and
   * this takes alone, decides what was before.
   */
  public void forget(PairId pair) {
    scope.run(
        pair,
        db -> {
          if (PairEraser.lock(db)) {
            mark(db);
          }
        });
  }

  private void mark(PairQueries db) {
    for (ErasableTable table : tables) {
      if (table.whenForgotten() != null) {
        db.sql(table.whenForgotten()).update();
      }
    }
    db.sql(setMark).update();
    ledger.ask(db, KIND);
  }

  @Override
  public WorkKind kind() {
    return KIND;
  }

  @Override
  public WorkResult handle(Subject subject, Turn turn) {
    if (!(subject instanceof Subject.OfPair(PairId pair))) {
      throw new IllegalArgumentException("Not a pair: " + subject);
    }
    return pairs.eraseForgotten(pair, turn) ? new WorkResult.Done() : new WorkResult.Unfinished();
  }
}
