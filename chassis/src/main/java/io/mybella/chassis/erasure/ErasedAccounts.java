package io.mybella.chassis.erasure;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.AccountErased;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The accounts that are gone for good, as a service knows them: when one is, what has been erased
 * of it, and the receipt when nothing is left. It needs no inbox: told again, a service finds
 * nothing left and answers with the same counts, which is how a lost receipt is made good.
 */
public final class ErasedAccounts {

  private final ErasureMarks marks;
  private final Outbox outbox;
  private final TransactionOperations transactions;
  private final String service;

  /**
   * The accounts of one service.
   *
   * @param marks with the user's number as key
   * @param service the name of it in the receipts
   */
  public ErasedAccounts(
      ErasureMarks marks, Outbox outbox, TransactionOperations transactions, String service) {
    this.marks = marks;
    this.outbox = outbox;
    this.transactions = transactions;
    this.service = service;
  }

  /**
   * Marks an account as gone, in a short transaction of its own. Waits for transactions that are
   * making something for the user; those that come later are refused.
   *
   * @param erasureId what the receipt answers to; one receipt answers all that was told before it,
   *     to the id that was told last
   */
  public void mark(long userId, UUID erasureId) {
    transactions.executeWithoutResult(_ -> marks.set(userId, erasureId));
  }

  /** Keeps the mark of an account from changing; false when the account is not gone. */
  public boolean lock(long userId) {
    return marks.lock(userId);
  }

  /** Adds to what has been erased, kind to number; in the transaction that erases it. */
  public void count(long userId, Map<String, Long> erased) {
    marks.count(userId, erased);
  }

  /**
   * Says that nothing is left, and gives the receipt for it, unless it was given already. In the
   * transaction that erases the last of it, or finds that it is gone.
   */
  public void complete(long userId) {
    marks
        .complete(userId)
        .ifPresent(
            erased -> {
              String key = Long.toString(userId);
              outbox.publish(
                  Topics.PERSONA_ERASURE,
                  key,
                  EventTypes.ACCOUNT_ERASED,
                  key,
                  new AccountErased(
                      erased.erasureId(), userId, service, erased.counts(), erased.at()));
            });
  }

  /** Users of whom something may be left, up to so many. */
  public List<Long> unfinished(int most) {
    return marks.unfinished(most);
  }
}
