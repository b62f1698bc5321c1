package io.mybella.gateway.identity.account;

import java.time.Instant;
import java.util.UUID;

/** Something that happened to an account, told to the other rooms within the transaction of it. */
public sealed interface AccountFact {

  /** The account. */
  long accountId();

  /** Names the erasure in every service; whoever knows it may ask how far it is. */
  UUID erasureId();

  /** When it was deleted. */
  Instant deletedAt();

  /** The account is gone, with its sessions and keys. */
  record Deleted(long accountId, UUID erasureId, Instant deletedAt) implements AccountFact {}

  /** The account is gone for a while, and not every service has erased what it held of it. */
  record DeletionPending(long accountId, UUID erasureId, Instant deletedAt)
      implements AccountFact {}
}
