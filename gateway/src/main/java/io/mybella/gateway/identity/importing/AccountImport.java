package io.mybella.gateway.identity.importing;

import io.mybella.chassis.operator.RowResult;
import io.mybella.gateway.identity.account.AccountIntake;
import io.mybella.gateway.identity.account.Newcomer;
import io.mybella.gateway.identity.importing.OriginRepository.Kept;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;
import org.springframework.transaction.support.TransactionTemplate;

/** Brings the accounts of an old installation here, each of them once. */
@Service
public class AccountImport {

  private final OriginRepository origins;
  private final AccountIntake intake;
  private final TransactionTemplate transaction;
  private final Clock clock;

  AccountImport(
      OriginRepository origins,
      AccountIntake intake,
      TransactionTemplate transaction,
      Clock clock) {
    this.origins = origins;
    this.intake = intake;
    this.transaction = transaction;
    this.clock = clock;
  }

  /**
   * Takes in who is not here yet. Nothing of an account that is here changes.
   *
   * @param source names the installation
   * @param attach whether somebody here with the same address is taken for the same person: the
   *     operator vouches for it. Otherwise whoever registered an address first would get the
   *     history of somebody else, and the row is skipped
   * @param rows no key twice
   * @return what became of each row, in their order
   */
  public List<RowResult> importAll(String source, boolean attach, List<AccountRow> rows) {
    return Objects.requireNonNull(
        transaction.execute(_ -> new Batch(source, attach, rows).settle()));
  }

  /** The rows of one request on their way. */
  private final class Batch {

    private final String source;
    private final boolean attach;
    private final List<AccountRow> rows;
    private final Map<String, @Nullable RowResult> results = new LinkedHashMap<>();
    private final List<Kept> kept = new ArrayList<>();

    /** Who is to be opened, by address. */
    private final Map<String, Candidate> opening = new LinkedHashMap<>();

    Batch(String source, boolean attach, List<AccountRow> rows) {
      this.source = source;
      this.attach = attach;
      this.rows = rows;
      rows.forEach(row -> results.put(row.key(), null));
    }

    List<RowResult> settle() {
      origins.lock();
      List<Candidate> fresh = settleKnown().stream().map(Candidate::of).toList();
      Map<String, Long> owners =
          new HashMap<>(intake.owners(fresh.stream().flatMap(Candidate::emails).toList()));
      Set<Long> ours = new HashSet<>(origins.from(source, owners.values()));
      fresh.forEach(each -> decide(each, owners, ours));
      open();
      origins.keep(source, kept);
      return results.values().stream().map(Objects::requireNonNull).toList();
    }

    /** Returns who was never imported before. */
    private List<AccountRow> settleKnown() {
      Map<String, Origin> known = origins.find(source, rows.stream().map(AccountRow::key).toList());
      known.forEach(
          (key, origin) ->
              results.put(
                  key,
                  origin.living()
                      ? RowResult.present(key, origin.accountId())
                      : RowResult.deletedSince(key)));
      return rows.stream().filter(row -> !known.containsKey(row.key())).toList();
    }

    /**
     * @param owners whose addresses are taken
     * @param ours the accounts that rows of this installation have become: two of its people are
     *     never taken for one
     */
    private void decide(Candidate each, Map<String, Long> owners, Set<Long> ours) {
      String key = each.row().key();
      String email = each.own();
      Long owner = email == null ? null : owners.get(email);
      if (owner != null && !ours.contains(owner)) {
        attach(key, owner, ours);
        return;
      }
      if (email == null || owner != null || opening.containsKey(email)) {
        email = each.fallback();
      }
      if (email == null) {
        results.put(
            key, RowResult.skipped(key, "has no address of its own that could be used here"));
      } else if (owners.containsKey(email) || opening.containsKey(email)) {
        results.put(key, RowResult.skipped(key, "the address given for this case is taken, too"));
      } else {
        opening.put(email, each);
      }
    }

    private void attach(String key, long owner, Set<Long> ours) {
      if (attach) {
        ours.add(owner);
        kept.add(new Kept(key, owner, false));
        results.put(key, RowResult.present(key, owner));
      } else {
        results.put(
            key,
            RowResult.skipped(key, "somebody here has its address, and may be another person"));
      }
    }

    private void open() {
      Instant now = clock.instant();
      List<Newcomer> newcomers = new ArrayList<>();
      opening.forEach((email, each) -> newcomers.add(each.with(email, now)));
      Map<String, Long> given = intake.takeIn(newcomers);
      opening.forEach(
          (email, each) -> {
            String key = each.row().key();
            long id = Objects.requireNonNull(given.get(email));
            kept.add(new Kept(key, id, true));
            results.put(key, RowResult.imported(key, id, each.changes(email, id)));
          });
    }
  }
}
