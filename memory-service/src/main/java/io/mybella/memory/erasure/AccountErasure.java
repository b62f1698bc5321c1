package io.mybella.memory.erasure;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.AccountErased;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.memory.erasure.Tombstones.Kind;
import io.mybella.memory.erasure.Tombstones.Tombstone;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.KnownPersonas;
import io.mybella.memory.work.Subject;
import io.mybella.memory.work.Turn;
import io.mybella.memory.work.WorkHandler;
import io.mybella.memory.work.WorkKind;
import io.mybella.memory.work.WorkLedger;
import io.mybella.memory.work.WorkResult;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases every memory of a user whose account was deleted, whatever the persona, and answers with a
 * receipt. It goes the way of {@link PersonaErasure}: the mark commits first, the worker erases the
 * pairs one by one, and the receipt is published with the note that nothing is left. Interrupted or
 * told again, it goes on from what is left and answers with the same counts.
 */
@Service
public class AccountErasure implements WorkHandler {

  /** What it erases beside the pairs: the tables that name a user and hang on no pair. */
  static final Set<String> TABLES = Set.of("last_switch", "known_persona");

  private static final WorkKind KIND = new WorkKind("erase-account");

  private final PersonaScope scope;
  private final Tombstones tombstones;
  private final KnownPersonas known;
  private final PairEraser pairs;
  private final WorkLedger ledger;
  private final Outbox outbox;
  private final TransactionTemplate transactions;
  private final Clock clock;
  private final ErasureProperties properties;
  private final String service;

  AccountErasure(
      PersonaScope scope,
      Tombstones tombstones,
      KnownPersonas known,
      PairEraser pairs,
      WorkLedger ledger,
      Outbox outbox,
      PlatformTransactionManager transactionManager,
      Clock clock,
      ErasureProperties properties,
      @Value("${spring.application.name}") String service) {
    this.scope = scope;
    this.tombstones = tombstones;
    this.known = known;
    this.pairs = pairs;
    this.ledger = ledger;
    this.outbox = outbox;
    this.transactions = new TransactionTemplate(transactionManager);
    this.clock = clock;
    this.properties = properties;
    this.service = service;
  }

  /**
   * Marks a user as gone for good, in one short transaction. From then on nobody sees or writes a
   * memory of the user; all there are will be erased.
   *
   * @param erasureId what the receipt answers to; one receipt answers all that was told before it,
   *     to the id that was told last
   */
  public void mark(long userId, UUID erasureId) {
    transactions.executeWithoutResult(
        _ -> {
          tombstones.set(Kind.ACCOUNT, userId, erasureId, clock.instant());
          ledger.ask(new Subject.OfUser(userId), KIND);
        });
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
            pairs.erase(
                new PairId(userId, persona),
                rows -> tombstones.count(Kind.ACCOUNT, userId, rows),
                turn);
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
    tombstones.count(
        Kind.ACCOUNT,
        userId,
        Map.of("last_switch", eraseLastSwitch(userId), "known_persona", known.forgetAllOf(userId)));
    Instant now = clock.instant();
    Tombstone fulfilled = tombstones.complete(Kind.ACCOUNT, userId, now);
    String key = Long.toString(userId);
    outbox.publish(
        Topics.PERSONA_ERASURE,
        key,
        EventTypes.ACCOUNT_ERASED,
        key,
        new AccountErased(fulfilled.erasureId(), userId, service, fulfilled.counts(), now));
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
