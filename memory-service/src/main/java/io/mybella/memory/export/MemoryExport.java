package io.mybella.memory.export;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.conversation.Conversation;
import io.mybella.memory.conversation.ConversationList;
import io.mybella.memory.fact.Fact;
import io.mybella.memory.fact.Facts;
import io.mybella.memory.history.Message;
import io.mybella.memory.history.WholeHistory;
import io.mybella.memory.pair.PairId;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/** Gives users what a persona remembers of them, however much it is. */
@Service
public class MemoryExport {

  /**
   * What is remembered. All are read in pieces while they are walked through, which each can be
   * once; nobody holds a database connection in between.
   *
   * @param conversations in the order in which they were opened
   * @param messages oldest first
   * @param facts with those that hold no more, in the order in which they were learned
   */
  public record Everything(
      Stream<Conversation> conversations, Stream<Message> messages, Stream<Fact> facts) {}

  /** Conversations that are read at once. */
  private static final int PIECE = 100;

  private static final UUID START = new UUID(0, 0);

  private final WholeHistory history;
  private final ConversationList conversations;
  private final Facts facts;

  MemoryExport(WholeHistory history, ConversationList conversations, Facts facts) {
    this.history = history;
    this.conversations = conversations;
    this.facts = facts;
  }

  /**
   * Everything that the persona remembers of the user. The first pieces are read by now. What is
   * said from now on is not part of it; what is changed, deleted or imported meanwhile may be part
   * of it or not.
   *
   * @throws Problem 404 when the user may not use the persona
   */
  public Everything of(PairId pair) {
    // This checks the access.
    Stream<Message> messages = history.messages(pair);
    return new Everything(conversations(pair), messages, facts.all(pair));
  }

  private Stream<Conversation> conversations(PairId pair) {
    return Stream.iterate(
            conversations.after(pair, START, PIECE),
            piece -> !piece.isEmpty(),
            piece -> conversations.after(pair, piece.getLast().id(), PIECE))
        .flatMap(List::stream);
  }
}
