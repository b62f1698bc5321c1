package io.mybella.gateway.account;

import jakarta.persistence.LockModeType;
import java.util.Optional;
import org.springframework.data.jpa.repository.Lock;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The rows of accounts. */
interface AccountRepository extends Repository<Account, Long> {

  Account saveAndFlush(Account account);

  void delete(Account account);

  Optional<Account> findById(long id);

  /** Keeps others from changing the account until the transaction ends. */
  @Lock(LockModeType.PESSIMISTIC_WRITE)
  @Query("select a from Account a where a.id = :id")
  Optional<Account> lockById(long id);

  /** Waits for others who change the account, and keeps them waiting until the transaction ends. */
  @Lock(LockModeType.PESSIMISTIC_READ)
  @Query("select a from Account a where a.id = :id")
  Optional<Account> shareById(long id);

  @Query("select a from Account a where lower(a.email) = :email")
  Optional<Account> findByEmail(String email);
}
