package io.mybella.gateway.identity.account;

import java.time.Instant;
import java.util.UUID;

/** Something that happened to an account, told to the other rooms within the transaction of it. */
public sealed interface AccountFact {

  /** The account. */
  long accountId();

  /**
   * The account is gone, with its sessions and keys.
   *
   * @param erasureId names the erasure in every service; whoever knows it may ask how far it is
   */
  record Deleted(long accountId, UUID erasureId, Instant deletedAt) implements AccountFact {}

  /** The account is gone for a while, and not every service has erased what it held of it. */
  record DeletionPending(long accountId, UUID erasureId, Instant deletedAt)
      implements AccountFact {}
}
