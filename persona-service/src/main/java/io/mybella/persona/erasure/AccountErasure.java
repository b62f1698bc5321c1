package io.mybella.persona.erasure;

import io.mybella.chassis.blob.BlobStoreException;
import io.mybella.persona.account.ErasedAccounts;
import io.mybella.persona.activation.ActivePersonas;
import io.mybella.persona.avatar.Avatars;
import io.mybella.persona.catalog.PersonaCatalog;
import java.time.Clock;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Erases what this service holds of a user whose account was deleted. The mark of the erased
 * account commits first: from then on nothing can be made for the user, and what was being made
 * before is there to be erased. Everything else in the database is one transaction.
 *
 * <p>The receipt comes after the end of the last picture, those included that were replaced or left
 * over before. The store of pictures may be away for long: whoever consumes the event does not wait
 * for it.
 *
 * <p>It needs no inbox: told again, it finds nothing left and answers with the same counts, which
 * is how a lost receipt is made good.
 */
@Service
public class AccountErasure {

  private static final Logger log = LoggerFactory.getLogger(AccountErasure.class);

  private final ErasedAccounts accounts;
  private final PersonaCatalog catalog;
  private final Avatars avatars;
  private final ActivePersonas activePersonas;
  private final Erasures erasures;
  private final ApplicationEventPublisher events;
  private final TransactionOperations transactions;
  private final Clock clock;
  private final ReentrantLock finishing = new ReentrantLock();

  AccountErasure(
      ErasedAccounts accounts,
      PersonaCatalog catalog,
      Avatars avatars,
      ActivePersonas activePersonas,
      Erasures erasures,
      ApplicationEventPublisher events,
      TransactionOperations transactions,
      Clock clock) {
    this.accounts = accounts;
    this.catalog = catalog;
    this.avatars = avatars;
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
    boolean finished =
        Boolean.TRUE.equals(
            transactions.execute(
                status -> {
                  Map<String, Long> erased = new TreeMap<>(catalog.removeAllOf(userId));
                  erased.put("active_persona", activePersonas.forget(userId));
                  erasures.disown(userId);
                  accounts.add(userId, erased);
                  if (avatars.hasLooseOf(userId)) {
                    accounts.awaitPictures(userId, erasureId);
                    return false;
                  }
                  tell(userId, erasureId);
                  return true;
                }));
    if (!finished) {
      finishSoon();
    }
  }

  /** Goes on with erasures that wait for pictures. */
  @Scheduled(
      fixedDelayString = "${mybella.persona.erasure.look-every:10s}",
      initialDelayString = "${mybella.persona.erasure.look-every:10s}")
  void finishSoon() {
    // On a thread of its own: the store may hang, and others wait for that of scheduled work.
    Thread.ofVirtual().name("account-erasure").start(this::finishAll);
  }

  private void finishAll() {
    if (!finishing.tryLock()) {
      return;
    }
    try {
      accounts.awaitingPictures().forEach(this::finish);
    } catch (RuntimeException e) {
      log.warn("Erasures of accounts wait for the next look", e);
    } finally {
      finishing.unlock();
    }
  }

  private void finish(long userId) {
    try {
      if (avatars.removeLooseOf(userId)) {
        transactions.executeWithoutResult(
            status ->
                accounts.claimReceipt(userId).ifPresent(erasureId -> tell(userId, erasureId)));
      }
    } catch (BlobStoreException e) {
      log.warn("The erasure of an account waits for its pictures", e);
    }
  }

  private void tell(long userId, UUID erasureId) {
    events.publishEvent(
        new AccountReceipt(erasureId, userId, accounts.add(userId, Map.of()), clock.instant()));
  }
}
