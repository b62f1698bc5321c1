package io.mybella.gateway.identity.account.messaging;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.AccountDeleted;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.gateway.identity.account.AccountFact;
import java.time.Instant;
import java.util.UUID;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Puts deletions into the outbox, in the transaction in which they happened. */
@Component
class AccountEvents {

  private final Outbox outbox;

  AccountEvents(Outbox outbox) {
    this.outbox = outbox;
  }

  @EventListener
  void publish(AccountFact.Deleted deleted) {
    publish(deleted.accountId(), deleted.erasureId(), deleted.deletedAt());
  }

  @EventListener
  void publish(AccountFact.DeletionPending pending) {
    publish(pending.accountId(), pending.erasureId(), pending.deletedAt());
  }

  private void publish(long userId, UUID erasureId, Instant at) {
    String key = Long.toString(userId);
    outbox.publish(
        Topics.ACCOUNT_LIFECYCLE,
        key,
        EventTypes.ACCOUNT_DELETED,
        key,
        new AccountDeleted(userId, erasureId, at));
  }
}
