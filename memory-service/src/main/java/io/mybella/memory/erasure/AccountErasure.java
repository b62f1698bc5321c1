package io.mybella.memory.erasure;

import io.mybella.chassis.erasure.AccountEraser;
import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.KnownPersonas;
import io.mybella.memory.work.Subject;
import io.mybella.memory.work.Turn;
import io.mybella.memory.work.WorkHandler;
import io.mybella.memory.work.WorkKind;
import io.mybella.memory.work.WorkLedger;
import io.mybella.memory.work.WorkResult;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Erases every memory of a user whose account was deleted, whatever the persona. It goes the way of
 * {@link PersonaErasure}: since the mark nobody sees or writes a memory of the user, the worker
 * erases the pairs one by one, and the receipt is given with the note that nothing is left.
 * Interrupted or told again, it goes on from what is left and answers with the same counts.
 */
@Service
class AccountErasure implements AccountEraser, WorkHandler {

  /** What it erases beside the pairs: the tables that name a user and hang on no pair. */
  static final Set<String> TABLES = Set.of("last_switch", "known_persona");

  private static final WorkKind KIND = new WorkKind("erase-account");

  private final PersonaScope scope;
  private final ErasedAccounts accounts;
  private final KnownPersonas known;
  private final PairEraser pairs;
  private final WorkLedger ledger;
  private final TransactionOperations transactions;
  private final ErasureProperties properties;

  AccountErasure(
      PersonaScope scope,
      ErasedAccounts accounts,
      KnownPersonas known,
      PairEraser pairs,
      WorkLedger ledger,
      TransactionOperations transactions,
      ErasureProperties properties) {
    this.scope = scope;
    this.accounts = accounts;
    this.known = known;
    this.pairs = pairs;
    this.ledger = ledger;
    this.transactions = transactions;
    this.properties = properties;
  }

  @Override
  public void erase(long userId) {
    ledger.ask(new Subject.OfUser(userId), KIND);
  }

  @Override
  public WorkKind kind() {
    return KIND;
  }

  @Override
  public WorkResult handle(Subject subject, Turn turn) {
    if (!(subject instanceof Subject.OfUser(long userId))) {
      throw new IllegalArgumentException("Not a user: " + subject);
    }
    List<Long> personas = personasOf(userId);
    while (!personas.isEmpty()) {
      for (long persona : personas) {
        boolean gone =
            pairs.erase(new PairId(userId, persona), rows -> accounts.count(userId, rows), turn);
        if (!gone) {
          return new WorkResult.Unfinished();
        }
      }
      personas = personasOf(userId);
    }
    transactions.executeWithoutResult(_ -> answer(userId));
    return new WorkResult.Done();
  }

  private List<Long> personasOf(long userId) {
    return scope.callErasingAccount(
        userId,
        db ->
            db.sql(
                    """
                    SELECT persona_id FROM persona_memory WHERE user_id = :user_id
                    ORDER BY persona_id LIMIT :pairs
                    """)
                .param("user_id", userId)
                .param("pairs", properties.pairs())
                .query(Long.class)
                .list());
  }

  private void answer(long userId) {
    accounts.count(
        userId,
        Map.of("last_switch", eraseLastSwitch(userId), "known_persona", known.forgetAllOf(userId)));
    accounts.complete(userId);
  }

  private long eraseLastSwitch(long userId) {
    return scope.callErasingAccount(
        userId,
        db ->
            (long)
                db.sql("DELETE FROM last_switch WHERE user_id = :user_id")
                    .param("user_id", userId)
                    .update());
  }
}
