package io.mybella.gateway.identity.account.messaging;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.AccountDeleted;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.Topics;
import io.mybella.gateway.identity.account.AccountFact;
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
  void publish(AccountFact deleted) {
    String key = Long.toString(deleted.accountId());
    outbox.publish(
        Topics.ACCOUNT_LIFECYCLE,
        key,
        EventTypes.ACCOUNT_DELETED,
        key,
        new AccountDeleted(deleted.accountId(), deleted.erasureId(), deleted.deletedAt()));
  }
}
