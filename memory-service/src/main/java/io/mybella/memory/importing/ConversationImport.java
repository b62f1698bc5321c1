package io.mybella.memory.importing;

import io.mybella.chassis.operator.RowResult;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.conversation.Recollections;
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

/** Brings what an old installation had noted of conversations here, once. */
@Service
public class ConversationImport {

  private final PairDoor door;
  private final OriginRepository origins;
  private final Recollections recollections;
  private final PersonaScope scope;

  ConversationImport(
      PairDoor door, OriginRepository origins, Recollections recollections, PersonaScope scope) {
    this.door = door;
    this.origins = origins;
    this.recollections = recollections;
    this.scope = scope;
  }

  /**
   * Adds what was noted to the conversations of that time.
   *
   * @param source names the installation
   * @param rows no key twice
   * @return what became of each row, in their order
   * @throws Problem 409 when the persona is not known yet, 503 while something is being forgotten
   */
  public List<RowResult> importAll(String source, PairId pair, List<ConversationRow> rows) {
    Optional<String> refusal = door.open(pair);
    if (refusal.isPresent()) {
      return rows.stream().map(row -> RowResult.skipped(row.key(), refusal.get())).toList();
    }
    return scope.call(pair, db -> take(db, source, rows));
  }

  private List<RowResult> take(PairQueries db, String source, List<ConversationRow> rows) {
    door.enter(db);
    Map<String, Optional<UUID>> known =
        origins.find(db, source, rows.stream().map(ConversationRow::key).toList());
    Set<UUID> there =
        recollections.existing(db, known.values().stream().flatMap(Optional::stream).toList());
    List<RowResult> results = new ArrayList<>();
    for (ConversationRow row : rows) {
      Optional<UUID> before = known.get(row.key());
      results.add(
          before == null
              ? note(db, source, row)
              : before.isEmpty() || there.contains(before.get())
                  ? RowResult.present(row.key(), null)
                  : RowResult.deletedSince(row.key()));
    }
    return results;
  }

  private RowResult note(PairQueries db, String source, ConversationRow row) {
    if (row.recollection().isEmpty()) {
      return RowResult.present(row.key(), null, "nothing was noted of it");
    }
    Optional<UUID> held = recollections.find(db, row.recollection());
    UUID conversation =
        held.map(
                id -> {
                  recollections.add(db, id, row.recollection(), origins.isTaken(db, id));
                  return id;
                })
            .orElseGet(() -> recollections.open(db, row.recollection()));
    origins.keep(db, source, Map.of(row.key(), Optional.of(conversation)));
    return RowResult.imported(
        row.key(),
        null,
        held.isPresent() ? null : "no message of that time is here: it stands alone");
  }
}
