package io.mybella.persona.erasure;

import io.mybella.chassis.blob.BlobStoreException;
import io.mybella.chassis.erasure.AccountEraser;
import io.mybella.chassis.erasure.ErasedAccounts;
import io.mybella.persona.activation.ActivePersonas;
import io.mybella.persona.avatar.Avatars;
import io.mybella.persona.catalog.PersonaCatalog;
import io.mybella.persona.identity.UserId;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.scheduling.annotation.Scheduled;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionOperations;

/**
 * Erases what this service holds of a user whose account was deleted. Since the mark of the erased
 * account nothing can be made for the user, and what was being made before is there to be erased:
 * everything in the database in one transaction.
 *
 * <p>The receipt comes after the end of the last picture, those included that were replaced or left
 * over before. The store of pictures may be away for long: whoever consumes the event does not wait
 * for it.
 */
@Service
class AccountErasure implements AccountEraser {

  /** Accounts that are finished in one look. */
  private static final int BATCH = 100;

  private static final Logger log = LoggerFactory.getLogger(AccountErasure.class);

  private final ErasedAccounts accounts;
  private final PersonaCatalog catalog;
  private final Avatars avatars;
  private final ActivePersonas activePersonas;
  private final Erasures erasures;
  private final TransactionOperations transactions;
  private final ReentrantLock finishing = new ReentrantLock();

  AccountErasure(
      ErasedAccounts accounts,
      PersonaCatalog catalog,
      Avatars avatars,
      ActivePersonas activePersonas,
      Erasures erasures,
      TransactionOperations transactions) {
    this.accounts = accounts;
    this.catalog = catalog;
    this.avatars = avatars;
    this.activePersonas = activePersonas;
    this.erasures = erasures;
    this.transactions = transactions;
  }

  @Override
  public void erase(long userId) {
    if (!eraseRows(new UserId(userId))) {
      finishSoon();
    }
  }

  /** Erases what there is in the database; whether nothing is left at all. */
  private boolean eraseRows(UserId userId) {
    return Boolean.TRUE.equals(
        transactions.execute(
            status -> {
              accounts.lock(userId.value());
              Map<String, Long> erased = new TreeMap<>(catalog.removeAllOf(userId));
              erased.put("active_persona", activePersonas.forget(userId));
              erasures.disown(userId);
              accounts.count(userId.value(), erased);
              if (avatars.hasLooseOf(userId)) {
                return false;
              }
              accounts.complete(userId.value());
              return true;
            }));
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
      accounts.unfinished(BATCH).forEach(userId -> finish(new UserId(userId)));
    } catch (RuntimeException e) {
      log.warn("Erasures of accounts wait for the next look", e);
    } finally {
      finishing.unlock();
    }
  }

  private void finish(UserId userId) {
    try {
      if (avatars.removeLooseOf(userId)) {
        eraseRows(userId);
      }
    } catch (BlobStoreException e) {
      log.warn("The erasure of an account waits for its pictures", e);
    }
  }
}
