package io.mybella.memory.erasure;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.AccountErased;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.memory.erasure.Tombstones.Kind;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.KnownPersonas;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.stereotype.Service;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/**
 * Erases every memory of a user whose account was deleted, whatever the persona, and answers with a
 * receipt. It goes the way of {@link PersonaErasure}: the tombstone commits first, the pairs are
 * erased one by one, and the receipt is published with the note that nothing is left. Interrupted
 * or told again, it goes on from what is left and answers with the same counts.
 */
@Service
public class AccountErasure {

  /** What it erases beside the pairs: the tables that name a user and hang on no pair. */
  static final Set<String> TABLES = Set.of("last_switch", "known_persona");

  private final PersonaScope scope;
  private final Tombstones tombstones;
  private final KnownPersonas known;
  private final PairEraser pairs;
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
      Outbox outbox,
      PlatformTransactionManager transactionManager,
      Clock clock,
      ErasureProperties properties,
      @Value("${spring.application.name}") String service) {
    this.scope = scope;
    this.tombstones = tombstones;
    this.known = known;
    this.pairs = pairs;
    this.outbox = outbox;
    this.transactions = new TransactionTemplate(transactionManager);
    this.clock = clock;
    this.properties = properties;
    this.service = service;
  }

  /**
   * Erases a user for good.
   *
   * @param erasureId what the receipt answers to
   */
  public void erase(long userId, UUID erasureId) {
    transactions.executeWithoutResult(
        _ -> tombstones.set(Kind.ACCOUNT, userId, erasureId, clock.instant()));
    List<Long> personas = personasOf(userId);
    while (!personas.isEmpty()) {
      for (long persona : personas) {
        pairs.erase(
            new PairId(userId, persona),
            (table, rows) -> tombstones.count(Kind.ACCOUNT, userId, table, rows));
      }
      personas = personasOf(userId);
    }
    transactions.executeWithoutResult(_ -> answer(userId, erasureId));
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

  private void answer(long userId, UUID erasureId) {
    tombstones.count(Kind.ACCOUNT, userId, "last_switch", eraseLastSwitch(userId));
    tombstones.count(Kind.ACCOUNT, userId, "known_persona", known.forgetAllOf(userId));
    Instant now = clock.instant();
    tombstones.complete(Kind.ACCOUNT, userId, now);
    String key = Long.toString(userId);
    outbox.publish(
        Topics.PERSONA_ERASURE,
        key,
        EventTypes.ACCOUNT_ERASED,
        key,
        new AccountErased(
            erasureId, userId, service, tombstones.counts(Kind.ACCOUNT, userId), now));
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
