package io.mybella.memory.fact;

import io.mybella.memory.fact.FactPage.Place;
import io.mybella.memory.fact.Finding.Observation;
import io.mybella.memory.fact.Finding.Withdrawal;
import io.mybella.memory.history.MessageIds;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.Verdict;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.ResultSetExtractor;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/**
 * The rows of what was learned: a few statements each, however many facts they are about. Whoever
 * writes must hold the pair's row.
 */
@Repository
class FactRows {

  /** How many values may hold at a time. */
  static final int CURRENT = 1_000;

  /** How many values there may be, with those that have ended. */
  static final int ALL = 10_000;

  private static final UUID END = new UUID(-1L, -1L);

  private static final String COLUMNS =
      "id, category, key, value, source, confidence, learned_from, first_observed, last_confirmed,"
          + " times_observed, valid_from, valid_until, withdrawn";

  /** Which facts, and their order. */
  enum View {
    /** What holds, surest first. */
    CURRENT("valid_until IS NULL", "sureness"),
    /** What holds and what has ended, in the order in which it was learned, newest first. */
    ALL("true", "0::double precision"),
    /** All values of one name, that which holds first, then the newest. */
    NAMED(
        "category = :category AND key = :key",
        "CASE WHEN valid_until IS NULL THEN 1 ELSE 0 END::double precision");

    private final String sql;

    View(String condition, String rank) {
      this.sql =
          """
          SELECT usable, page.*
          FROM (SELECT %s AS usable) AS access
          LEFT JOIN LATERAL (
            SELECT *, sum(octet_length(value)) OVER (
                ORDER BY rank DESC, id DESC ROWS UNBOUNDED PRECEDING) AS bytes
            FROM (
              SELECT *, %s AS rank
              FROM (
                SELECT *, %s AS sureness FROM preference
                WHERE usable AND user_id = :user_id AND persona_id = :persona_id AND %s) AS known
              ) AS ranked
            WHERE (rank, id) < (:rank, :id)
            ORDER BY rank DESC, id DESC LIMIT :limit + 1) AS page ON true
          ORDER BY rank DESC, id DESC
          """
              .formatted(Verdict.SQL, rank, Certainty.SQL, condition);
    }
  }

  private static final String AFTER =
      """
      SELECT %s FROM preference
      WHERE user_id = :user_id AND persona_id = :persona_id AND id > :after
      ORDER BY id LIMIT :limit
      """
          .formatted(COLUMNS);

  /**
   * Of each name one row: the limits say so, because all values would be read to join otherwise.
   */
  private static final String LATEST =
      """
      SELECT latest.* FROM unnest(:categories::text[], :keys::text[]) AS said (category, key)
      CROSS JOIN LATERAL (
        SELECT %s FROM preference
        WHERE user_id = :user_id AND persona_id = :persona_id
          AND preference.category = said.category AND preference.key = said.key
        ORDER BY valid_from DESC, id DESC LIMIT 1) AS latest
      """
          .formatted(COLUMNS);

  /** Nothing is known from that message, or of that time, under that name. */
  private static final String NEWS =
      """
      SELECT place FROM unnest(:categories::text[], :keys::text[], :messages::uuid[],
          :times::timestamptz[]) WITH ORDINALITY AS said (category, key, message, at, place)
      WHERE NOT EXISTS (
        SELECT FROM preference
        WHERE user_id = :user_id AND persona_id = :persona_id
          AND preference.category = said.category AND preference.key = said.key
          AND (learned_from = said.message OR said.at BETWEEN valid_from AND last_confirmed))
      ORDER BY place
      """;

  private static final String HOLDING =
      """
      SELECT %s FROM preference
      WHERE user_id = :user_id AND persona_id = :persona_id AND valid_until IS NULL
      """
          .formatted(COLUMNS);

  /** What new ids must be greater than. */
  private static final String LAST_ID =
      """
      SELECT GREATEST(forgotten_upto, (
        SELECT id FROM preference WHERE user_id = :user_id AND persona_id = :persona_id
        ORDER BY id DESC LIMIT 1)) AS id
      FROM persona_memory WHERE user_id = :user_id AND persona_id = :persona_id
      """;

  /** The ids are said twice, because all facts would be read to join them otherwise. */
  private static final String CHANGE =
      """
      UPDATE preference
      SET source = now.source, confidence = now.confidence, learned_from = now.learned_from,
        first_observed = now.first_observed, last_confirmed = now.last_confirmed,
        times_observed = now.times_observed, valid_until = now.valid_until,
        withdrawn = now.withdrawn
      FROM unnest(:ids::uuid[], :sources::text[], :confidences::double precision[],
          :learned_from::uuid[], :first_observed::timestamptz[], :last_confirmed::timestamptz[],
          :times_observed::integer[], :valid_until::timestamptz[], :withdrawn::boolean[])
        AS now (id, source, confidence, learned_from, first_observed, last_confirmed,
          times_observed, valid_until, withdrawn)
      WHERE user_id = :user_id AND persona_id = :persona_id AND preference.id = now.id
        AND preference.id = ANY (:ids::uuid[])
      """;

  private static final String ADD =
      """
      INSERT INTO preference (user_id, persona_id, id, category, key, value, source, confidence,
        learned_from, first_observed, last_confirmed, times_observed, valid_from, valid_until,
        withdrawn)
      SELECT :user_id, :persona_id, now.*
      FROM unnest(:ids::uuid[], :categories::text[], :keys::text[], :values::text[],
          :sources::text[], :confidences::double precision[], :learned_from::uuid[],
          :first_observed::timestamptz[], :last_confirmed::timestamptz[],
          :times_observed::integer[], :valid_from::timestamptz[], :valid_until::timestamptz[],
          :withdrawn::boolean[]) AS now
      """;

  /** Each value that was not withdrawn holds until the next one of its name. */
  private static final String REORDER =
      """
      UPDATE preference SET valid_until = rightly.until
      FROM (
        SELECT id, lead(valid_from) OVER (
          PARTITION BY category, key ORDER BY valid_from, id) AS until
        FROM preference
        WHERE user_id = :user_id AND persona_id = :persona_id
          AND (category, key) IN (SELECT * FROM unnest(:categories::text[], :keys::text[]))
        ) AS rightly
      WHERE user_id = :user_id AND persona_id = :persona_id AND preference.id = rightly.id
        AND NOT withdrawn AND valid_until IS DISTINCT FROM rightly.until
      """;

  private static final String WITHDRAW_SURPLUS =
      """
      UPDATE preference SET withdrawn = true, valid_until = last_confirmed
      WHERE user_id = :user_id AND persona_id = :persona_id AND id IN (
        SELECT id FROM preference
        WHERE user_id = :user_id AND persona_id = :persona_id AND valid_until IS NULL
        ORDER BY %s DESC, last_confirmed DESC, id DESC OFFSET :most)
      """
          .formatted(Certainty.SQL);

  private static final String DROP_OLDEST =
      """
      DELETE FROM preference
      WHERE user_id = :user_id AND persona_id = :persona_id AND id IN (
        SELECT id FROM preference
        WHERE user_id = :user_id AND persona_id = :persona_id
        ORDER BY valid_until DESC NULLS FIRST, id DESC OFFSET :most)
      """;

  private static final String COUNT =
      """
      SELECT count(*) AS all, count(*) FILTER (WHERE valid_until IS NULL) AS current FROM preference
      WHERE user_id = :user_id AND persona_id = :persona_id
      """;

  /** The limit says that each message is looked up: all facts would be read to join them. */
  private static final String DROP_LEARNED =
      """
      DELETE FROM preference
      WHERE user_id = :user_id AND persona_id = :persona_id AND id = ANY (ARRAY(
        SELECT learned.id FROM unnest(:messages::uuid[]) AS message (id)
        CROSS JOIN LATERAL (
          SELECT id FROM preference
          WHERE user_id = :user_id AND persona_id = :persona_id AND learned_from = message.id
          LIMIT %d) AS learned))
      RETURNING category, key
      """
          .formatted(ALL);

  private static final String DROP_NAME =
      """
      DELETE FROM preference
      WHERE user_id = :user_id AND persona_id = :persona_id AND category = :category AND key = :key
      """;

  private static final String DROP_ALL =
      "DELETE FROM preference WHERE user_id = :user_id AND persona_id = :persona_id";

  private final Certainty certainty;
  private final MessageIds ids;

  FactRows(Certainty certainty, MessageIds ids) {
    this.certainty = certainty;
    this.ids = ids;
  }

  /**
   * A page.
   *
   * @param name of which facts; null unless they are of one name
   * @param after where it begins
   * @param bytes of values at most, at least one fact
   */
  Checked<FactPage> page(
      PairQueries db, View view, @Nullable FactName name, Place after, int limit, int bytes) {
    ResultSetExtractor<Checked<FactPage>> reader = row -> page(row, after.asOf(), limit, bytes);
    StatementSpec statement = db.sql(view.sql);
    if (name != null) {
      statement = statement.param("category", name.category()).param("key", name.key());
    }
    return statement
        .param("as_of", after.asOf().toString())
        .param("half_life", certainty.halfLifeSeconds())
        .param("rank", after.rank())
        .param("id", after.id())
        .param("limit", limit)
        .query(reader);
  }

  /** Where the first page begins. */
  static Place beginning(Instant now) {
    return new Place(now, Double.POSITIVE_INFINITY, END);
  }

  private static Checked<FactPage> page(ResultSet rows, Instant asOf, int limit, int bytes)
      throws SQLException {
    Verdict verdict = Verdict.UNKNOWN;
    List<Fact> facts = new ArrayList<>();
    Place last = null;
    boolean more = false;
    while (rows.next()) {
      verdict = Verdict.of(rows, "usable");
      if (rows.getObject("id") == null) {
        break;
      }
      more = facts.size() == limit || (!facts.isEmpty() && rows.getLong("bytes") > bytes);
      if (more) {
        break;
      }
      Fact fact = fact(rows, rows.getDouble("sureness"));
      facts.add(fact);
      last = new Place(asOf, rows.getDouble("rank"), fact.id());
    }
    return new Checked<>(verdict, new FactPage(List.copyOf(facts), more ? last : null));
  }

  /** Facts in the order of their ids. */
  List<Fact> after(PairQueries db, UUID id, int limit) {
    return db.sql(AFTER)
        .param("after", id)
        .param("limit", limit)
        .query((row, _) -> fact(row))
        .list();
  }

  /**
   * Takes findings in the order given. Then the least sure values end and the oldest are dropped,
   * where there are too many.
   */
  Revision take(PairQueries db, List<? extends Finding> findings, Instant now) {
    var revision = new Revision(known(db, findings), certainty, new IdsAfterLast(db));
    findings.forEach(revision::take);
    change(db, revision.changed());
    if (!revision.added().isEmpty()) {
      add(db, revision.added());
      reorder(db, revision.reordered());
      trim(db, now);
    }
    return revision;
  }

  /** Has facts that are there be like this from now on. */
  void change(PairQueries db, List<Fact> facts) {
    if (!facts.isEmpty()) {
      changing(db.sql(CHANGE), facts).update();
    }
  }

  /** Those of the facts that are there. */
  Set<UUID> existing(PairQueries db, Collection<UUID> facts) {
    return new HashSet<>(
        db.sql(
                """
                SELECT id FROM preference
                WHERE user_id = :user_id AND persona_id = :persona_id AND id = ANY (:ids::uuid[])
                """)
            .param("ids", facts.stream().map(UUID::toString).toArray(String[]::new))
            .query(UUID.class)
            .list());
  }

  /**
   * Those of some observations that say something new: of a name of which nothing is known from the
   * same message, and nothing that holds at that time and was confirmed later.
   */
  List<Observation> news(PairQueries db, List<Observation> observations) {
    return named(db.sql(NEWS), observations.stream().map(Observation::name).toList())
        .param("messages", column(observations, Observation::learnedFrom))
        .param("times", column(observations, Observation::at))
        .query(Integer.class)
        .stream()
        .map(place -> observations.get(place - 1))
        .toList();
  }

  private static List<Fact> known(PairQueries db, List<? extends Finding> findings) {
    List<Fact> known = new ArrayList<>();
    if (findings.stream().anyMatch(Withdrawal.class::isInstance)) {
      known.addAll(db.sql(HOLDING).query((row, _) -> fact(row)).list());
    }
    List<FactName> names =
        findings.stream()
            .filter(Observation.class::isInstance)
            .map(each -> ((Observation) each).name())
            .distinct()
            .toList();
    if (!names.isEmpty()) {
      known.addAll(named(db.sql(LATEST), names).query((row, _) -> fact(row)).list());
    }
    return known;
  }

  private static void add(PairQueries db, List<Fact> facts) {
    changing(db.sql(ADD), facts)
        .param("categories", column(facts, fact -> fact.name().category()))
        .param("keys", column(facts, fact -> fact.name().key()))
        .param("values", column(facts, Fact::value))
        .param("valid_from", column(facts, Fact::validFrom))
        .update();
  }

  /** The columns of what can change of a fact. */
  private static StatementSpec changing(StatementSpec statement, List<Fact> facts) {
    return statement
        .param("ids", column(facts, Fact::id))
        .param("sources", column(facts, fact -> fact.source().text()))
        .param("confidences", column(facts, Fact::confidence))
        .param("learned_from", column(facts, Fact::learnedFrom))
        .param("first_observed", column(facts, Fact::firstObserved))
        .param("last_confirmed", column(facts, Fact::lastConfirmed))
        .param("times_observed", column(facts, Fact::timesObserved))
        .param("valid_until", column(facts, Fact::validUntil))
        .param("withdrawn", column(facts, Fact::withdrawn));
  }

  private static void reorder(PairQueries db, List<FactName> names) {
    if (!names.isEmpty()) {
      named(db.sql(REORDER), names).update();
    }
  }

  private static StatementSpec named(StatementSpec statement, List<FactName> names) {
    return statement
        .param("categories", column(names, FactName::category))
        .param("keys", column(names, FactName::key));
  }

  private void trim(PairQueries db, Instant now) {
    Count count = count(db);
    if (count.current() > CURRENT) {
      db.sql(WITHDRAW_SURPLUS)
          .param("as_of", now.toString())
          .param("half_life", certainty.halfLifeSeconds())
          .param("most", CURRENT)
          .update();
    }
    if (count.all() > ALL) {
      db.sql(DROP_OLDEST).param("most", ALL).update();
    }
  }

  /** How many values there are. */
  record Count(long all, long current) {}

  Count count(PairQueries db) {
    return db.sql(COUNT).query(Count.class).single();
  }

  /** Drops what was learned from messages; what it had superseded holds again. */
  void dropLearnedFrom(PairQueries db, List<UUID> messages) {
    List<FactName> names =
        db.sql(DROP_LEARNED)
            .param("messages", column(messages, id -> id))
            .query((row, _) -> name(row))
            .list();
    reorder(db, names.stream().distinct().toList());
  }

  /** Drops all values of a name; gives their number. */
  int drop(PairQueries db, FactName name) {
    return db.sql(DROP_NAME).param("category", name.category()).param("key", name.key()).update();
  }

  /** Drops everything; gives the number of values. */
  int drop(PairQueries db) {
    return db.sql(DROP_ALL).update();
  }

  /** Ids of now, each greater than any that the pair has; the last one is looked up when needed. */
  private final class IdsAfterLast implements Supplier<UUID> {

    private final PairQueries db;
    private @Nullable UUID last;

    IdsAfterLast(PairQueries db) {
      this.db = db;
    }

    @Override
    public UUID get() {
      if (last == null) {
        last = db.sql(LAST_ID).query((row, _) -> row.getObject("id", UUID.class)).list().getFirst();
      }
      last = ids.next(1, last).getFirst();
      return last;
    }
  }

  private static FactName name(ResultSet row) throws SQLException {
    return new FactName(row.getString("category"), row.getString("key"));
  }

  /** A row of {@link #COLUMNS}. */
  private static Fact fact(ResultSet row) throws SQLException {
    return fact(row, row.getDouble("confidence"));
  }

  private static Fact fact(ResultSet row, double confidence) throws SQLException {
    return new Fact(
        row.getObject("id", UUID.class),
        name(row),
        row.getString("value"),
        Source.of(row.getString("source")),
        confidence,
        row.getObject("learned_from", UUID.class),
        Objects.requireNonNull(time(row, "first_observed")),
        Objects.requireNonNull(time(row, "last_confirmed")),
        row.getInt("times_observed"),
        Objects.requireNonNull(time(row, "valid_from")),
        time(row, "valid_until"),
        row.getBoolean("withdrawn"));
  }

  private static @Nullable Instant time(ResultSet row, String column) throws SQLException {
    OffsetDateTime time = row.getObject(column, OffsetDateTime.class);
    return time == null ? null : time.toInstant();
  }

  /** A column as an array of texts; the database knows the types. */
  private static <T> @Nullable String[] column(List<T> rows, Function<T, @Nullable Object> part) {
    return rows.stream()
        .map(part)
        .map(each -> each == null ? null : each.toString())
        .toArray(String[]::new);
  }
}
