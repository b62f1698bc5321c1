package io.mybella.memory.erasure;

import io.mybella.chassis.erasure.ErasureMarks;
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
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Erases every memory of a deleted persona and answers with a receipt. The mark commits first: from
 * then on no memory of the persona can be opened. Then the worker erases the pairs one by one, and
 * when none is left, that is noted and the receipt is published in one transaction.
 *
 * <p>Interrupted at any point, or told again, it goes on from what is left and answers with the
 * same counts. It needs no inbox: the tombstone is what makes it idempotent, and a lost receipt is
 * answered by telling again.
 */
@Service
public class PersonaErasure implements WorkHandler {

  private static final WorkKind KIND = new WorkKind("erase-persona");

  private final PersonaScope scope;
  private final ErasureMarks marks;
  private final KnownPersonas known;
  private final PairEraser pairs;
  private final WorkLedger ledger;
  private final ApplicationEventPublisher events;
  private final TransactionOperations transactions;
  private final ErasureProperties properties;

  PersonaErasure(
      PersonaScope scope,
      ErasureMarks erasedPersonas,
      KnownPersonas known,
      PairEraser pairs,
      WorkLedger ledger,
      ApplicationEventPublisher events,
      TransactionOperations transactions,
      ErasureProperties properties) {
    this.scope = scope;
    this.marks = erasedPersonas;
    this.known = known;
    this.pairs = pairs;
    this.ledger = ledger;
    this.events = events;
    this.transactions = transactions;
    this.properties = properties;
  }

  /**
   * Marks a persona as gone for good, in one short transaction. From then on nobody sees or writes
   * a memory of it; all there are will be erased.
   *
   * @param erasureId what the receipt answers to; one receipt answers all that was told before it,
   *     to the id that was told last
   */
  public void mark(long personaId, UUID erasureId) {
    transactions.executeWithoutResult(
        _ -> {
          marks.set(personaId, erasureId);
          known.forget(personaId);
          ledger.ask(new Subject.OfPersona(personaId), KIND);
        });
  }

  @Override
  public WorkKind kind() {
    return KIND;
  }

  @Override
  public WorkResult handle(Subject subject, Turn turn) {
    if (!(subject instanceof Subject.OfPersona(long personaId))) {
      throw new IllegalArgumentException("Not a persona: " + subject);
    }
    List<Long> users = usersOf(personaId);
    while (!users.isEmpty()) {
      for (long user : users) {
        boolean gone =
            pairs.erase(new PairId(user, personaId), rows -> marks.count(personaId, rows), turn);
        if (!gone) {
          return new WorkResult.Unfinished();
        }
      }
      users = usersOf(personaId);
    }
    transactions.executeWithoutResult(_ -> answer(personaId));
    return new WorkResult.Done();
  }

  private List<Long> usersOf(long personaId) {
    return scope.callErasing(
        personaId,
        db ->
            db.sql(
                    """
                    SELECT user_id FROM persona_memory WHERE persona_id = :persona_id
                    ORDER BY user_id LIMIT :pairs
                    """)
                .param("persona_id", personaId)
                .param("pairs", properties.pairs())
                .query(Long.class)
                .list());
  }

  private void answer(long personaId) {
    marks
        .complete(personaId)
        .ifPresent(erased -> events.publishEvent(new PersonaReceipt(personaId, erased)));
  }
}
