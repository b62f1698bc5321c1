package io.mybella.persona.erasure;

import io.mybella.persona.account.ErasedAccounts;
import io.mybella.persona.activation.ActivePersonas;
import io.mybella.persona.catalog.PersonaCatalog;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Erases what this service holds of a user whose account was deleted. The mark of the erased
 * account commits first: from then on nothing can be made for the user, and what was being made
 * before is there to be erased. Everything else, and the receipt, is one transaction.
 *
 * <p>It needs no inbox: told again, it finds nothing left and answers with the same counts, which
 * is how a lost receipt is made good.
 */
@Service
public class AccountErasure {

  private final ErasedAccounts accounts;
  private final PersonaCatalog catalog;
  private final ActivePersonas activePersonas;
  private final Erasures erasures;
  private final ApplicationEventPublisher events;
  private final TransactionOperations transactions;
  private final Clock clock;

  AccountErasure(
      ErasedAccounts accounts,
      PersonaCatalog catalog,
      ActivePersonas activePersonas,
      Erasures erasures,
      ApplicationEventPublisher events,
      TransactionOperations transactions,
      Clock clock) {
    this.accounts = accounts;
    this.catalog = catalog;
    this.activePersonas = activePersonas;
    this.erasures = erasures;
    this.events = events;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Erases a user for good.
   *
   * @param erasureId what the receipt answers to
   */
  public void erase(long userId, UUID erasureId) {
    transactions.executeWithoutResult(status -> accounts.bury(userId, erasureId, clock.instant()));
    transactions.executeWithoutResult(
        status -> {
          Map<String, Long> erased = new TreeMap<>(catalog.removeAllOf(userId));
          erased.put("active_persona", activePersonas.forget(userId));
          erasures.disown(userId);
          events.publishEvent(
              new AccountReceipt(erasureId, userId, accounts.add(userId, erased), clock.instant()));
        });
  }
}
