package io.mybella.memory.importing;

import io.mybella.chassis.operator.RowResult;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.history.MessageBatches;
import io.mybella.memory.history.NewBatch;
import io.mybella.memory.history.StoredBatch;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.springframework.http.HttpStatus;
import org.springframework.stereotype.Service;

/** Brings the messages of an old installation here, each of them once. */
@Service
public class MessageImport {

  /** The limit says that each name is looked up: the whole history would be read otherwise. */
  private static final String STORED =
      """
      SELECT stored.client_message_id FROM unnest(:names::text[]) AS said (name)
      CROSS JOIN LATERAL (
        SELECT client_message_id FROM chat_message
        WHERE user_id = :user_id AND persona_id = :persona_id
          AND client_message_id = said.name LIMIT 1) AS stored
      """;

  private final PairDoor door;
  private final OriginRepository origins;
  private final MessageBatches batches;
  private final PersonaScope scope;

  MessageImport(
      PairDoor door, OriginRepository origins, MessageBatches batches, PersonaScope scope) {
    this.door = door;
    this.origins = origins;
    this.batches = batches;
    this.scope = scope;
  }

  /**
   * Takes over what was not taken over before, in the order given.
   *
   * @param source names the installation
   * @param rows no key twice, at most {@value MessageBatches#MOST}
   * @return what became of each row, in their order
   * @throws Problem 409 when the persona is not known yet, 422 when a message has the name of
   *     another one, 503 as for any batch
   */
  public List<RowResult> importAll(String source, PairId pair, List<MessageRow> rows) {
    Optional<String> refusal = door.open(pair);
    if (refusal.isPresent()) {
      return rows.stream().map(row -> RowResult.skipped(row.key(), refusal.get())).toList();
    }
    Map<String, RowResult> results = new HashMap<>(scope.call(pair, db -> known(db, source, rows)));
    List<MessageRow> fresh = rows.stream().filter(row -> !results.containsKey(row.key())).toList();
    if (!fresh.isEmpty()) {
      results.putAll(store(source, pair, fresh));
    }
    return rows.stream().map(row -> Objects.requireNonNull(results.get(row.key()))).toList();
  }

  /** What was taken over before, by key: still there, or deleted since. */
  private Map<String, RowResult> known(PairQueries db, String source, List<MessageRow> rows) {
    Map<String, Optional<UUID>> taken =
        origins.find(db, source, rows.stream().map(MessageRow::key).toList());
    List<MessageRow> before = rows.stream().filter(row -> taken.containsKey(row.key())).toList();
    Set<String> stored =
        before.isEmpty()
            ? Set.of()
            : stored(db, before.stream().map(row -> row.nameIn(source)).toList());
    return before.stream()
        .collect(
            Collectors.toMap(
                MessageRow::key,
                row ->
                    stored.contains(row.nameIn(source))
                        ? RowResult.present(row.key(), null)
                        : RowResult.deletedSince(row.key())));
  }

  private static Set<String> stored(PairQueries db, List<String> names) {
    return new HashSet<>(
        db.sql(STORED).param("names", names.toArray(String[]::new)).query(String.class).list());
  }

  private Map<String, RowResult> store(String source, PairId pair, List<MessageRow> fresh) {
    NewBatch batch =
        new NewBatch(
            fresh.stream().map(row -> row.toMessage(source)).toList(),
            fresh.stream().map(MessageRow::at).toList(),
            null);
    Map<String, Optional<UUID>> kept =
        fresh.stream().collect(Collectors.toMap(MessageRow::key, _ -> Optional.empty()));
    StoredBatch stored;
    try {
      stored = batches.append(pair, batch, db -> origins.keep(db, source, kept));
    } catch (Problem gone) {
      throw gone.status() == HttpStatus.NOT_FOUND ? PairDoor.changed() : gone;
    }
    Map<String, Boolean> repeated =
        stored.messages().stream()
            .collect(
                Collectors.toMap(
                    each -> Objects.requireNonNull(each.clientMessageId()),
                    StoredBatch.Entry::repeated));
    return fresh.stream()
        .map(
            row ->
                Boolean.TRUE.equals(repeated.get(row.nameIn(source)))
                    ? RowResult.present(row.key(), null)
                    : RowResult.imported(row.key(), null, null))
        .collect(Collectors.toMap(RowResult::key, Function.identity()));
  }
}
