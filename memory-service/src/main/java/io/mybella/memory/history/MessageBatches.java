package io.mybella.memory.history;

import io.github.resilience4j.bulkhead.Bulkhead;
import io.github.resilience4j.bulkhead.BulkheadConfig;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.history.BatchRows.Attempt;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.pair.PairQueries;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.persona.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/** Adds many messages to a history at once, for users who may use the persona. */
@Service
public class MessageBatches {

  private static final Logger log = LoggerFactory.getLogger(MessageBatches.class);

  /** How many messages a batch has at most. */
  public static final int MOST = 500;

  /** As with single messages: more are only needed while the history is being forgotten. */
  private static final int ATTEMPTS = 20;

  /** Batches that are stored at a time; each takes several times its bytes until it is stored. */
  private static final int AT_ONCE = 3;

  private static final Duration PATIENCE = Duration.ofSeconds(3);
  private static final Duration SOON = Duration.ofSeconds(1);

  private final BatchRows rows;
  private final PersonaAccess access;
  private final Conversations conversations;
  private final Clock clock;
  private final Bulkhead places =
      Bulkhead.of(
          "batches",
          BulkheadConfig.custom().maxConcurrentCalls(AT_ONCE).maxWaitDuration(PATIENCE).build());

  MessageBatches(BatchRows rows, PersonaAccess access, Conversations conversations, Clock clock) {
    this.rows = rows;
    this.access = access;
    this.conversations = conversations;
    this.clock = clock;
  }

  /**
   * Remembers messages in the order given, all or none. Those that are said now go on with the open
   * conversation. Those of the past stand among the messages of their own time, in the
   * conversations of that time. What was stored before under the same client message id or as the
   * same place of the same batch is not stored again.
   *
   * @param batch at most {@value #MOST} messages
   * @throws Problem 404 when the caller may not use the persona; 422 when an id or the key was used
   *     for messages that differ; 503 when other batches are being stored, or what was forgotten is
   *     still being erased and stands in the way
   */
  public StoredBatch append(PairId pair, NewBatch batch) {
    return append(pair, batch, _ -> {});
  }

  /**
   * Like {@link #append(PairId, NewBatch)}, with something that is to be kept together with the
   * messages.
   *
   * @param along is run in the transaction that stores the messages, or finds them all stored
   */
  public StoredBatch append(PairId pair, NewBatch batch, Consumer<PairQueries> along) {
    if (!places.tryAcquirePermission()) {
      throw Problem.unavailable("Other batches are being stored; try again in a moment", SOON);
    }
    try {
      return appendInPlace(pair, batch, along);
    } finally {
      places.onComplete();
    }
  }

  private StoredBatch appendInPlace(PairId pair, NewBatch batch, Consumer<PairQueries> along) {
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      Instant now = clock.instant().truncatedTo(ChronoUnit.MICROS);
      switch (access.checked(pair, () -> tryAppend(pair, batch, now, along))) {
        case Attempt.Stored(StoredBatch stored) -> {
          return stored;
        }
        case Attempt.Differs() ->
            throw Problem.unprocessable(
                "A client_message_id or the Idempotency-Key was used for another message");
        case Attempt.BeingForgotten() ->
            throw Problem.unavailable(
                "What was forgotten is still being erased; try again in a moment", SOON);
        case Attempt.NoConversation() -> open(pair, batch);
      }
    }
    throw Problem.unavailable("The messages could not be stored; try again in a moment", SOON);
  }

  private Checked<Attempt> tryAppend(
      PairId pair, NewBatch batch, Instant now, Consumer<PairQueries> along) {
    try {
      return rows.append(pair, batch, now, along);
    } catch (DuplicateKeyException taken) {
      // Whoever adds a message holds the pair's row: only one that is forgotten still has its key.
      log.debug("A batch for {} met a key of what is forgotten", pair, taken);
      return new Checked<>(Verdict.ALLOWED, new Attempt.BeingForgotten());
    }
  }

  private void open(PairId pair, NewBatch batch) {
    if (batch.times() == null) {
      conversations.open(pair);
    } else {
      conversations.remember(pair);
    }
  }
}
