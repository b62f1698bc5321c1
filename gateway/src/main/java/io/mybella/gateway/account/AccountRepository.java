package io.mybella.gateway.account;

import java.util.Optional;
import org.springframework.data.jpa.repository.Query;
import org.springframework.data.repository.Repository;

/** The rows of accounts. */
interface AccountRepository extends Repository<Account, Long> {

  Account saveAndFlush(Account account);

  Optional<Account> findById(long id);

  @Query("select a from Account a where lower(a.email) = :email")
  Optional<Account> findByEmail(String email);
}
