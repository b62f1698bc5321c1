package io.mybella.memory.search;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.history.MessageRow;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.persona.Verdict;
import io.mybella.memory.search.FoundPage.Found;
import io.mybella.memory.search.FoundPage.Place;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.stereotype.Service;

/**
 * Searches the history of a pair for words. The database keeps the words of each message beside it
 * and looks through those of the pair: behind row-level security no index of words can be used,
 * because comparing words might tell of rows that are not the caller's.
 */
@Service
public class MessageSearch {

  /** The bytes of content and metadata of one page, in UTF-8, as with pages of the history. */
  private static final int PAGE_BYTES = 256 * 1024;

  /** Histories that are searched at a time: a long one keeps a connection for a while. */
  private static final int AT_ONCE = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(1);

  /**
   * A beginning is looked for as it is written, too: stems may be shorter than it, and what is a
   * stop word may be the beginning of another word.
   */
  private static final String ASKED =
      """
      WITH access AS MATERIALIZED (SELECT %s AS usable),
      asked AS MATERIALIZED (
        SELECT string_agg('(' || part::text || ')', ' & ')::tsquery AS query
        FROM (
          SELECT websearch_to_tsquery(search_language(), :words) AS part
          UNION ALL
          SELECT to_tsquery(search_language(), word) || to_tsquery('simple', word)
          FROM unnest(:prefixes::text[]) AS word
          UNION ALL
          SELECT !! (to_tsquery(search_language(), word) || to_tsquery('simple', word))
          FROM unnest(:excluded::text[]) AS word) AS parts
        WHERE numnode(part) > 0),
      """
          .formatted(Verdict.SQL);

  private static final String MATCHING =
      """
      SELECT %s, ts_rank_cd(words, (SELECT query FROM asked), 1) AS score
      FROM chat_message
      WHERE (SELECT usable FROM access) AND user_id = :user_id AND persona_id = :persona_id
        AND words @@ (SELECT query FROM asked)
      """
          .formatted(MessageRow.COLUMNS);

  private static final String NEWEST =
      """
      found AS (
        SELECT *, row_number() OVER (ORDER BY id DESC) AS place
        FROM (%s AND id < :id ORDER BY id DESC LIMIT :limit + 1) AS matching)
      """
          .formatted(MATCHING);

  private static final String BEST =
      """
      found AS (
        SELECT *, row_number() OVER (ORDER BY score DESC, id DESC) AS place
        FROM (
          SELECT * FROM (%s) AS matching
          WHERE (score, id) < (:score::real, :id)
          ORDER BY score DESC, id DESC LIMIT :limit + 1) AS best)
      """
          .formatted(MATCHING);

  /** What does not fit onto the page tells that there is more; the first always fits. */
  private static final String PAGE =
      """
      SELECT usable, page.*
      FROM access LEFT JOIN LATERAL (
        SELECT %s, score, fits, place, CASE WHEN fits THEN
            ts_headline(search_language(), translate(content, :marks, ''), (SELECT query FROM asked),
              CASE WHEN char_length(content) <= :short THEN :options_all ELSE :options END)
          END AS highlight
        FROM (
          SELECT *, place <= :limit AND :bytes >= sum(LEAST(:bytes, octet_length(content)
              + COALESCE(octet_length(metadata::text), 0))) OVER (ORDER BY place) AS fits
          FROM found) AS sized) AS page ON true
      ORDER BY page.place
      """
          .formatted(MessageRow.COLUMNS);

  private final PersonaScope scope;
  private final PersonaAccess access;
  private final Bulkhead places =
      Bulkhead.of(
          "searches",
          BulkheadConfig.custom().maxConcurrentCalls(AT_ONCE).maxWaitDuration(PATIENCE).build());

  MessageSearch(PersonaScope scope, PersonaAccess access) {
    this.scope = scope;
    this.access = access;
  }

  /**
   * A page of the messages that have what is looked for. It ends early when its texts would exceed
   * {@value #PAGE_BYTES} bytes.
   *
   * @param text all words, {@code "phrases"}, {@code or}, {@code -without}, {@code begin*}; 500
   *     characters at most, because PostgreSQL refuses words beyond 2,046 bytes
   * @param limit how many messages at most
   * @param after where the page begins; null for the first one
   * @throws Problem 404 when the user may not use the persona; 503 when other histories are being
   *     searched
   */
  public FoundPage page(PairId pair, String text, Order order, int limit, @Nullable Place after) {
    if (!places.tryAcquirePermission()) {
      throw Problem.unavailable("Other histories are being searched; try again in a moment", SOON);
    }
    try {
      SearchQuery query = SearchQuery.parse(text);
      Place from = after == null ? Place.FIRST : after;
      return access.checked(pair, () -> search(pair, query, order, limit, from));
    } finally {
      places.onComplete();
    }
  }

  private Checked<FoundPage> search(
      PairId pair, SearchQuery query, Order order, int limit, Place after) {
    String found =
        switch (order) {
          case NEWEST -> NEWEST;
          case BEST -> BEST;
        };
    return scope.call(
        pair,
        db ->
            db.sql(ASKED + found + PAGE)
                .param("words", query.words())
                .param("prefixes", query.prefixes().toArray(String[]::new))
                .param("excluded", query.excluded().toArray(String[]::new))
                .param("score", after.score())
                .param("id", after.id())
                .param("limit", limit)
                .param("bytes", PAGE_BYTES)
                .param("marks", Highlight.MARKS)
                .param("short", Highlight.SHORT)
                .param("options_all", Highlight.ALL)
                .param("options", Highlight.OPTIONS)
                .query(MessageSearch::read));
  }

  private static Checked<FoundPage> read(ResultSet rows) throws SQLException {
    List<Found> found = new ArrayList<>();
    Verdict verdict = Verdict.UNKNOWN;
    boolean more = false;
    while (rows.next()) {
      verdict = Verdict.of(rows, "usable");
      if (rows.getBoolean("fits")) {
        found.add(
            new Found(
                MessageRow.read(rows),
                rows.getFloat("score"),
                Highlight.html(rows.getString("highlight"))));
      } else {
        more = more || rows.getObject("id") != null;
      }
    }
    return new Checked<>(verdict, new FoundPage(found, more ? behind(found.getLast()) : null));
  }

  private static Place behind(Found last) {
    return new Place(last.score(), last.message().id());
  }
}
