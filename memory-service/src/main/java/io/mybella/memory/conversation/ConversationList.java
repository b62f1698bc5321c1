package io.mybella.memory.conversation;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.conversation.ConversationPage.Place;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.persona.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/** Shows the conversations of a pair, for users who may use the persona. */
@Service
public class ConversationList {

  /** Newer than any. */
  private static final UUID LAST = new UUID(-1L, -1L);

  /** One more than the page tells that there is one. */
  private static final String PAGE =
      """
      SELECT usable, found.*
      FROM (SELECT %s AS usable) AS access
      LEFT JOIN LATERAL (
        SELECT %s FROM conversation
        WHERE usable AND user_id = :user_id AND persona_id = :persona_id
          AND (started_at, id) < (:before, :before_id)
        ORDER BY started_at DESC, id DESC LIMIT :limit + 1) AS found ON true
      ORDER BY found.started_at DESC, found.id DESC
      """
          .formatted(Verdict.SQL, Conversation.COLUMNS);

  private static final String ONE =
      """
      SELECT usable, found.*
      FROM (SELECT %s AS usable) AS access
      LEFT JOIN LATERAL (
        SELECT %s FROM conversation
        WHERE usable AND user_id = :user_id AND persona_id = :persona_id AND id = :id) AS found
        ON true
      """
          .formatted(Verdict.SQL, Conversation.COLUMNS);

  private static final String AFTER =
      """
      SELECT %s FROM conversation
      WHERE user_id = :user_id AND persona_id = :persona_id AND id > :after
      ORDER BY id LIMIT :limit
      """
          .formatted(Conversation.COLUMNS);

  private final PersonaScope scope;
  private final PersonaAccess access;

  ConversationList(PersonaScope scope, PersonaAccess access) {
    this.scope = scope;
    this.access = access;
  }

  /**
   * A page of the list, by the beginning of conversations, the newest first. Each has a few
   * kilobytes at most.
   *
   * @param limit how many at most
   * @param before only conversations before this place; null for the newest page
   * @throws Problem 404 when the user may not use the persona
   */
  public ConversationPage page(PairId pair, int limit, @Nullable Place before) {
    List<Conversation> found = access.checked(pair, () -> read(pair, limit, before));
    if (found.size() <= limit) {
      return new ConversationPage(found, null);
    }
    Conversation last = found.get(limit - 1);
    return new ConversationPage(found.subList(0, limit), new Place(last.startedAt(), last.id()));
  }

  private Checked<List<Conversation>> read(PairId pair, int limit, @Nullable Place before) {
    OffsetDateTime time =
        before == null
            ? OffsetDateTime.MAX
            : OffsetDateTime.ofInstant(before.startedAt(), ZoneOffset.UTC);
    return scope.call(
        pair,
        db ->
            db.sql(PAGE)
                .param("before", time)
                .param("before_id", before == null ? LAST : before.id())
                .param("limit", limit)
                .query(ConversationList::conversations));
  }

  /**
   * One conversation.
   *
   * @throws Problem 404 when the user may not use the persona, or there is no such conversation
   */
  public Conversation one(PairId pair, UUID id) {
    return access
        .checked(
            pair,
            () ->
                scope.call(
                    pair,
                    db ->
                        first(db.sql(ONE).param("id", id).query(ConversationList::conversations))))
        .orElseThrow(() -> Problem.notFound("Conversation not found"));
  }

  /**
   * Conversations in the order of their ids, without asking whether the user may use the persona.
   *
   * @param after only those with a greater id
   */
  public List<Conversation> after(PairId pair, UUID after, int limit) {
    return scope.call(
        pair,
        db ->
            db.sql(AFTER)
                .param("after", after)
                .param("limit", limit)
                .query((row, _) -> Conversation.of(row))
                .list());
  }

  private static Checked<Optional<Conversation>> first(Checked<List<Conversation>> found) {
    return new Checked<>(found.verdict(), found.value().stream().findFirst());
  }

  private static Checked<List<Conversation>> conversations(ResultSet rows) throws SQLException {
    List<Conversation> found = new ArrayList<>();
    Verdict verdict = Verdict.UNKNOWN;
    while (rows.next()) {
      verdict = Verdict.of(rows, "usable");
      if (rows.getObject("id") != null) {
        found.add(Conversation.of(rows));
      }
    }
    return new Checked<>(verdict, found);
  }
}
