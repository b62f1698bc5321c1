package io.mybella.memory.history;

import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.conversation.Conversations.Sitting;
import io.mybella.memory.history.StoredBatch.Entry;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.pair.PersonaScope;
import io.mybella.memory.persona.Checked;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.core.simple.JdbcClient.StatementSpec;
import org.springframework.stereotype.Repository;

/** Stores many messages with few statements, however many they are, in one transaction. */
@Repository
class BatchRows {

  /** What one attempt to store a batch came to. */
  sealed interface Attempt {

    /** All of them are stored, now or before. */
    record Stored(StoredBatch batch) implements Attempt {}

    /** Nothing was done: a key was used for another message. */
    record Differs() implements Attempt {}

    /** Nothing was done: the pair has no memory, or no open conversation to go on with. */
    record NoConversation() implements Attempt {}

    /** Nothing was done: what is forgotten and not erased yet stands in the way. */
    record BeingForgotten() implements Attempt {}
  }

  /** A message of the batch that was stored before. */
  private record Earlier(int at, Entry entry, boolean byKey, boolean same) {}

  /**
   * What a message replies to is not compared: a batch does not say it. There is one row for each
   * key; the limits say so, because the whole history would be read to join it otherwise.
   */
  private static final String EARLIER =
      """
      SELECT at, id, stored.created_at, stored.client_message_id,
        COALESCE(stored.idempotency_key = said.idempotency_key, false) AS by_key,
        (edited_at IS NOT NULL OR stored.content = said.content)
          AND (said.created_at IS NULL OR stored.created_at = said.created_at)
          AND (stored.role, stored.model, stored.tokens, stored.client_message_id, stored.metadata)
            IS NOT DISTINCT FROM
            (said.role, said.model, said.tokens, said.client_message_id, said.metadata::jsonb)
          AS same
      FROM unnest(:roles::text[], :contents::text[], :times::timestamptz[], :models::text[],
          :tokens::integer[], :client_message_ids::text[], :idempotency_keys::text[],
          :metadata::text[])
        WITH ORDINALITY AS said (role, content, created_at, model, tokens, client_message_id,
          idempotency_key, metadata, at)
      CROSS JOIN LATERAL (
        (SELECT * FROM chat_message
         WHERE user_id = :user_id AND persona_id = :persona_id
           AND client_message_id = said.client_message_id LIMIT 1)
        UNION ALL
        (SELECT * FROM chat_message
         WHERE user_id = :user_id AND persona_id = :persona_id
           AND idempotency_key = said.idempotency_key LIMIT 1)) AS stored
      """;

  private static final String INSERT =
      """
      INSERT INTO chat_message (user_id, persona_id, id, conversation_id, role, content, created_at,
        model, tokens, client_message_id, idempotency_key, metadata)
      SELECT :user_id, :persona_id, id, conversation_id, role, content, created_at, model, tokens,
        client_message_id, idempotency_key, metadata::jsonb
      FROM unnest(:ids::uuid[], :conversations::uuid[], :roles::text[], :contents::text[],
          :times::timestamptz[], :models::text[], :tokens::integer[], :client_message_ids::text[],
          :idempotency_keys::text[], :metadata::text[])
        AS said (id, conversation_id, role, content, created_at, model, tokens, client_message_id,
          idempotency_key, metadata)
      """;

  private static final String GIVEN =
      """
      UPDATE persona_memory SET last_message_id = :id
      WHERE user_id = :user_id AND persona_id = :persona_id
        AND (last_message_id IS NULL OR last_message_id < :id)
      """;

  private final PersonaScope scope;
  private final Conversations conversations;
  private final MessageIds ids;
  private final List<MessageFollower> followers;

  BatchRows(
      PersonaScope scope,
      Conversations conversations,
      MessageIds ids,
      List<MessageFollower> followers) {
    this.scope = scope;
    this.conversations = conversations;
    this.ids = ids;
    this.followers = List.copyOf(followers);
  }

  /**
   * Stores those messages of a batch that are not stored yet.
   *
   * @param now when they are said, unless the batch says it
   * @param along is run when all of them are stored, in the same transaction
   */
  Checked<Attempt> append(PairId pair, NewBatch batch, Instant now, Consumer<PairQueries> along) {
    return scope.call(
        pair,
        db -> {
          LockedPair locked = LockedPair.lock(db);
          Attempt attempt = append(db, batch, now, locked);
          if (attempt instanceof Attempt.Stored) {
            along.accept(db);
          }
          return new Checked<>(locked.verdict(), attempt);
        });
  }

  private Attempt append(PairQueries db, NewBatch batch, Instant now, LockedPair locked) {
    if (!locked.exists()) {
      return new Attempt.NoConversation();
    }
    // The past is where what is forgotten is hidden.
    return batch.times() != null && locked.forgetting()
        ? new Attempt.BeingForgotten()
        : append(db, batch, now, locked.lastId());
  }

  private Attempt append(PairQueries db, NewBatch batch, Instant now, @Nullable UUID lastId) {
    int size = batch.messages().size();
    List<Earlier> earlier = earlier(db, batch);
    @Nullable Entry[] entries = new Entry[size];
    for (Earlier each : earlier) {
      if (!each.same()) {
        return new Attempt.Differs();
      }
      entries[each.at()] = each.entry();
    }
    List<Integer> fresh = IntStream.range(0, size).filter(i -> entries[i] == null).boxed().toList();
    if (!fresh.isEmpty() && earlier.stream().anyMatch(Earlier::byKey)) {
      return new Attempt.Differs();
    }
    if (!fresh.isEmpty()) {
      Optional<List<Entry>> stored = store(db, Part.of(batch, fresh, now), lastId);
      if (stored.isEmpty()) {
        return new Attempt.NoConversation();
      }
      for (int i = 0; i < fresh.size(); i++) {
        entries[fresh.get(i)] = stored.get().get(i);
      }
    }
    return new Attempt.Stored(
        new StoredBatch(Arrays.stream(entries).map(Objects::requireNonNull).toList()));
  }

  /** One key more than the batch has messages is looked for: a longer batch had it. */
  private static List<Earlier> earlier(PairQueries db, NewBatch batch) {
    int size = batch.messages().size();
    if (batch.idempotencyKey() == null
        && batch.messages().stream().allMatch(each -> each.clientMessageId() == null)) {
      return List.of();
    }
    List<Integer> all =
        IntStream.rangeClosed(0, batch.idempotencyKey() == null ? size - 1 : size).boxed().toList();
    return texts(db.sql(EARLIER), batch, all)
        .param("times", column(all, i -> i < size ? batch.timeOf(i) : null))
        .query(
            (row, _) ->
                new Earlier(
                    row.getInt("at") - 1,
                    new Entry(
                        row.getObject("id", UUID.class),
                        row.getObject("created_at", OffsetDateTime.class).toInstant(),
                        row.getString("client_message_id"),
                        true),
                    row.getBoolean("by_key"),
                    row.getBoolean("same")))
        .list();
  }

  /** Empty when they are said now and there is no conversation to go on with. */
  private Optional<List<Entry>> store(PairQueries db, Part part, @Nullable UUID lastId) {
    boolean past = part.batch().times() != null;
    List<Instant> times = part.times();
    List<UUID> given = past ? ids.at(inOrder(times)) : ids.next(times.size(), lastId);
    List<UUID> sat =
        past
            ? sat(db, part, inOrder(times), given)
            : part.all(conversations.goOn(db, part.sitting(given)));
    if (sat.isEmpty()) {
      return Optional.empty();
    }
    texts(db.sql(INSERT), part.batch(), part.indexes())
        .param("ids", given.stream().map(UUID::toString).toArray(String[]::new))
        .param("conversations", sat.stream().map(UUID::toString).toArray(String[]::new))
        .param("times", times.stream().map(Instant::toString).toArray(String[]::new))
        .update();
    db.sql(GIVEN).param("id", given.getLast()).update();
    List<Entry> entries = new ArrayList<>(given.size());
    List<Said> said = new ArrayList<>(given.size());
    for (int i = 0; i < given.size(); i++) {
      NewMessage message = part.message(i);
      entries.add(new Entry(given.get(i), times.get(i), message.clientMessageId(), false));
      said.add(new Said(given.get(i), message.role(), message.content(), times.get(i)));
    }
    followers.forEach(each -> each.stored(db, said, past));
    return Optional.of(entries);
  }

  /** The conversation of each message of the past: a pause that is too long parts two. */
  private List<UUID> sat(PairQueries db, Part part, List<Instant> ordered, List<UUID> given) {
    List<Sitting> sittings = new ArrayList<>();
    int[] sittingOf = new int[ordered.size()];
    int begin = 0;
    for (int i = 1; i <= ordered.size(); i++) {
      if (i == ordered.size() || conversations.parts(ordered.get(i - 1), ordered.get(i))) {
        Arrays.fill(sittingOf, begin, i, sittings.size());
        sittings.add(part.sitting(begin, i, given));
        begin = i;
      }
    }
    List<UUID> found = conversations.past(db, sittings);
    return Arrays.stream(sittingOf).mapToObj(found::get).toList();
  }

  /** The order of a batch is kept where its times go back. */
  private static List<Instant> inOrder(List<Instant> times) {
    Instant[] ordered = times.toArray(Instant[]::new);
    Arrays.parallelPrefix(ordered, (one, next) -> next.isBefore(one) ? one : next);
    return List.of(ordered);
  }

  /** The messages of a batch that are to be stored. */
  private record Part(NewBatch batch, List<Integer> indexes, List<Instant> times) {

    /** What is said at once is a microsecond apart: the order of times is that of ids. */
    static Part of(NewBatch batch, List<Integer> indexes, Instant now) {
      List<Instant> times =
          IntStream.range(0, indexes.size())
              .mapToObj(
                  i ->
                      Objects.requireNonNullElseGet(
                          batch.timeOf(indexes.get(i)), () -> now.plus(i, ChronoUnit.MICROS)))
              .toList();
      return new Part(batch, indexes, times);
    }

    NewMessage message(int i) {
      return batch.messages().get(indexes.get(i));
    }

    Sitting sitting(List<UUID> given) {
      return sitting(0, indexes.size(), given);
    }

    /** The ids that are given grow. */
    Sitting sitting(int begin, int end, List<UUID> given) {
      List<Instant> spoken = times.subList(begin, end);
      long tokens =
          IntStream.range(begin, end)
              .mapToObj(i -> message(i).tokens())
              .filter(Objects::nonNull)
              .mapToLong(Integer::longValue)
              .sum();
      return new Sitting(
          Collections.min(spoken),
          Collections.max(spoken),
          end - begin,
          tokens,
          given.get(begin),
          given.get(end - 1));
    }

    List<UUID> all(Optional<UUID> conversation) {
      return conversation.map(id -> Collections.nCopies(indexes.size(), id)).orElse(List.of());
    }
  }

  /** The columns of these messages, each as an array of texts; the database knows the types. */
  private static StatementSpec texts(
      StatementSpec statement, NewBatch batch, List<Integer> indexes) {
    return statement
        .param("roles", column(batch, indexes, message -> message.role().text()))
        .param("contents", column(batch, indexes, NewMessage::content))
        .param("models", column(batch, indexes, NewMessage::model))
        .param("tokens", column(batch, indexes, NewMessage::tokens))
        .param("client_message_ids", column(batch, indexes, NewMessage::clientMessageId))
        .param("metadata", column(batch, indexes, NewMessage::metadata))
        .param("idempotency_keys", column(indexes, batch::keyOf));
  }

  /** Beyond the end of the batch there is nothing. */
  private static @Nullable String[] column(
      NewBatch batch, List<Integer> indexes, Function<NewMessage, @Nullable Object> part) {
    List<NewMessage> messages = batch.messages();
    return column(indexes, i -> i < messages.size() ? part.apply(messages.get(i)) : null);
  }

  private static @Nullable String[] column(
      List<Integer> indexes, IntFunction<@Nullable Object> value) {
    return indexes.stream()
        .map(value::apply)
        .map(each -> each == null ? null : each.toString())
        .toArray(String[]::new);
  }
}
