package io.mybella.memory.importing;

import io.mybella.chassis.operator.RowResult;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.fact.Facts;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import org.springframework.stereotype.Service;

/** Brings the preferences of an old installation here, each of them once. */
@Service
public class PreferenceImport {

  private final PairDoor door;
  private final OriginRepository origins;
  private final Facts facts;
  private final PersonaScope scope;

  PreferenceImport(PairDoor door, OriginRepository origins, Facts facts, PersonaScope scope) {
    this.door = door;
    this.origins = origins;
    this.facts = facts;
    this.scope = scope;
  }

  /**
   * Takes over what was known, at its time: what is known here since, or surer, stays.
   *
   * @param source names the installation
   * @param rows no key twice
   * @return what became of each row, in their order
   * @throws Problem 409 when the persona is not known yet, 503 while something is being forgotten
   */
  public List<RowResult> importAll(String source, PairId pair, List<PreferenceRow> rows) {
    Optional<String> refusal = door.open(pair);
    if (refusal.isPresent()) {
      return rows.stream().map(row -> RowResult.skipped(row.key(), refusal.get())).toList();
    }
    return scope.call(pair, db -> take(db, source, rows));
  }

  private List<RowResult> take(PairQueries db, String source, List<PreferenceRow> rows) {
    door.enter(db);
    Map<String, Optional<UUID>> known =
        origins.find(db, source, rows.stream().map(PreferenceRow::key).toList());
    Set<UUID> there =
        facts.existing(db, known.values().stream().flatMap(Optional::stream).toList());
    List<RowResult> results = new ArrayList<>();
    for (PreferenceRow row : rows) {
      Optional<UUID> before = known.get(row.key());
      results.add(
          before == null
              ? take(db, source, row)
              : before.isEmpty() || there.contains(before.get())
                  ? RowResult.present(row.key(), null)
                  : RowResult.deletedSince(row.key()));
    }
    return results;
  }

  private RowResult take(PairQueries db, String source, PreferenceRow row) {
    Optional<UUID> fact = facts.takeOver(db, row.preference());
    origins.keep(db, source, Map.of(row.key(), fact));
    return fact.isPresent()
        ? RowResult.imported(
            row.key(),
            null,
            row.preference().renamed() ? "its name was mended to what may stand there" : null)
        : RowResult.present(row.key(), null, "something newer or surer is known here");
  }
}
