package io.mybella.memory.conversation;

import io.mybella.memory.conversation.EndedConversations.Ended;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.understanding.Understanding;
import io.mybella.memory.understanding.model.Understandings;
import io.mybella.memory.work.Subject;
import io.mybella.memory.work.Turn;
import io.mybella.memory.work.WorkHandler;
import io.mybella.memory.work.WorkKind;
import io.mybella.memory.work.WorkResult;
import java.time.Instant;
import java.util.Optional;
import org.springframework.stereotype.Component;

/**
 * Closes the conversation of a pair when it has been idle for long enough, understands those that
 * have ended and sums them up. While one is open it comes back when that one may be idle: at most
 * once in such a time, however much is said.
 *
 * <p>Each of its steps is a transaction of its own and finds out for itself what is to be done, so
 * it can be left at any point and begun by two at once. Whether an understanding is kept is decided
 * by the revision of the conversation.
 */
@Component
class ConversationWork implements WorkHandler {

  private final EndedConversations rows;
  private final Conversations conversations;
  private final Understandings understandings;

  ConversationWork(
      EndedConversations rows, Conversations conversations, Understandings understandings) {
    this.rows = rows;
    this.conversations = conversations;
    this.understandings = understandings;
  }

  @Override
  public WorkKind kind() {
    return Conversations.WORK;
  }

  @Override
  public WorkResult handle(Subject subject, Turn turn) {
    if (!(subject instanceof Subject.OfPair(PairId pair))) {
      throw new IllegalArgumentException("Not a pair: " + subject);
    }
    Understanding understanding = understandings.at(turn.attempt());
    rows.endIdle(pair, conversations.idleSince());
    for (Optional<Ended> next = rows.next(pair); next.isPresent(); next = rows.next(pair)) {
      if (turn.isOver()) {
        rows.sumUp(pair, conversations.idleSince());
        return new WorkResult.Unfinished();
      }
      // When it is not kept, it is found again as it is now.
      Ended ended = next.get();
      rows.understood(pair, ended, understanding.of(ended.talk()), understanding.name());
    }
    Optional<Instant> idle = rows.sumUp(pair, conversations.idleSince());
    return idle.<WorkResult>map(WorkResult.Later::new).orElseGet(WorkResult.Done::new);
  }
}
