package io.mybella.memory.history;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.problem.Problem;
import io.mybella.memory.conversation.Conversations;
import io.mybella.memory.erasure.Forgetting;
import io.mybella.memory.history.MessageChanges.Removal;
import io.mybella.memory.history.MessageRows.Attempt;
import io.mybella.memory.history.MessageRows.Stretch;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.Checked;
import io.mybella.memory.persona.PersonaAccess;
import io.mybella.memory.persona.Verdict;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.dao.DuplicateKeyException;
import org.springframework.stereotype.Service;

/** Reads, continues and forgets the history of a pair, for users who may use the persona. */
@Service
public class MessageHistory {

  private static final Logger log = LoggerFactory.getLogger(MessageHistory.class);

  /**
   * The bytes of content and metadata of one page, in UTF-8: two messages of the greatest size, and
   * far more than a page of a chat has. As many such pages as a service has callers at once must
   * fit into its heap.
   */
  static final int PAGE_BYTES = 256 * 1024;

  /**
   * An append needs a second attempt to open a conversation or to see a repetition that committed a
   * moment ago; more are only needed while the history is being forgotten, two for each time.
   */
  private static final int ATTEMPTS = 20;

  /**
   * How many messages are removed from one on, all in one transaction: far more than are said again
   * in a chat, and few enough to be gone in a moment.
   */
  static final int REMOVED_AT_ONCE = 5_000;

  private final MessageRows rows;
  private final MessageChanges changes;
  private final PersonaAccess access;
  private final Conversations conversations;
  private final Forgetting forgetting;
  private final IdGenerator ids;
  private final Clock clock;

  MessageHistory(
      MessageRows rows,
      MessageChanges changes,
      PersonaAccess access,
      Conversations conversations,
      Forgetting forgetting,
      IdGenerator ids,
      Clock clock) {
    this.rows = rows;
    this.changes = changes;
    this.access = access;
    this.conversations = conversations;
    this.forgetting = forgetting;
    this.ids = ids;
    this.clock = clock;
  }

  /**
   * A page of the history. It ends early when its texts would exceed {@value #PAGE_BYTES} bytes; at
   * least one message is on it. The database connection is given back before this returns, so
   * nothing waits for a caller who reads slowly.
   *
   * @param limit how many messages at most
   * @param before only messages with a lesser id; null for the newest page
   * @throws Problem 404 when the caller may not use the persona
   */
  public MessagePage page(PairId pair, int limit, @Nullable UUID before) {
    return page(pair, before == null ? Window.newest(limit) : Window.before(before, limit), null);
  }

  /**
   * The page after an id, bounded as {@link #page}. Whoever goes on after the last id of each page
   * sees every message once: ids are in the order of commits. What is imported is the exception: it
   * stands where its own time is.
   *
   * @param limit how many messages at most
   * @param after only messages with a greater id; null for the oldest page
   * @throws Problem 404 when the caller may not use the persona
   */
  public MessagePage pageAfter(PairId pair, int limit, @Nullable UUID after) {
    return page(pair, Window.after(after == null ? Window.START : after, limit), after);
  }

  /**
   * A message in the middle of a page, bounded as {@link #page}; what is next to it goes first.
   *
   * @param limit how many messages at most, itself included
   * @throws Problem 404 when the caller may not use the persona, or there is no such message
   */
  public MessagePage pageAround(PairId pair, int limit, UUID message) {
    MessagePage page = page(pair, Window.around(message, limit), null);
    if (page.messages().stream().noneMatch(each -> each.id().equals(message))) {
      throw noMessage();
    }
    return page;
  }

  private MessagePage page(PairId pair, Window window, @Nullable UUID after) {
    Stretch stretch = access.checked(pair, () -> rows.window(pair, window, PAGE_BYTES));
    List<Message> messages = List.copyOf(stretch.messages());
    return messages.isEmpty()
        ? new MessagePage(messages, null, after)
        : new MessagePage(
            messages, stretch.older() ? messages.getFirst().id() : null, messages.getLast().id());
  }

  /**
   * The newest messages and what the conversations that have ended come to. The summary may take
   * half of the bytes, and is left out otherwise. Bounded as {@link #page}, too.
   *
   * @param limit how many messages at most
   * @param budget bytes of UTF-8 that the texts may have together, at least 1
   * @throws Problem 404 when the caller may not use the persona
   */
  public Recent recent(PairId pair, int limit, long budget) {
    return access.checked(pair, () -> rows.recent(pair, limit, PAGE_BYTES, budget));
  }

  private static Problem noMessage() {
    return Problem.notFound("Message not found");
  }

  /**
   * The reply to a message, as a page.
   *
   * @param message that may have one; it need not be there any more
   * @throws Problem 404 when the caller may not use the persona
   */
  public MessagePage replyTo(PairId pair, UUID message) {
    Optional<Message> reply = access.checked(pair, () -> rows.reply(pair, message));
    return new MessagePage(reply.stream().toList(), null, null);
  }

  /**
   * Remembers a message as part of the open conversation. What was stored before under the same
   * client message id or idempotency key, or in reply to the same message, is not stored again.
   *
   * @throws Problem 404 when the caller may not use the persona; 422 when the id or key was used
   *     for a message that differs; 409 when it replies to what is not in the history; 503 when the
   *     history is being forgotten over and over
   */
  public Appended append(PairId pair, NewMessage message) {
    UUID id = ids.next();
    for (int attempt = 0; attempt < ATTEMPTS; attempt++) {
      switch (access.checked(pair, () -> tryAppend(pair, id, message))) {
        case Attempt.Stored(Message stored) -> {
          return new Appended(stored, false);
        }
        case Attempt.Repeated(Message stored, boolean same) -> {
          if (!same) {
            throw Problem.unprocessable(
                "The client_message_id or Idempotency-Key was used for another message");
          }
          return new Appended(stored, true);
        }
        case Attempt.NothingToReplyTo() ->
            throw Problem.conflict("The message that this replies to is not in the history");
        case Attempt.NoConversation() -> conversations.open(pair);
        case Attempt.Overtaken() -> {
          log.debug("An append to {} was overtaken by its like", pair);
          rows.clearForgotten(pair, message);
        }
      }
    }
    throw Problem.unavailable(
        "The message could not be stored; try again in a moment", Duration.ofSeconds(1));
  }

  private Checked<Attempt> tryAppend(PairId pair, UUID id, NewMessage message) {
    try {
      return rows.append(pair, id, message, now(), conversations.idleSince());
    } catch (DuplicateKeyException overtaken) {
      return new Checked<>(Verdict.ALLOWED, new Attempt.Overtaken());
    }
  }

  /**
   * Gives a message another text. The old one is gone, and so is what was derived from it.
   *
   * @throws Problem 404 when the caller may not use the persona, or there is no such message
   */
  public Message edit(PairId pair, UUID message, String content) {
    return access
        .checked(pair, () -> changes.edit(pair, message, content, now()))
        .orElseThrow(MessageHistory::noMessage);
  }

  /**
   * Removes a message. A reply to it stays, and so does what it replied to.
   *
   * @throws Problem 404 when the caller may not use the persona, or there is no such message
   */
  public void remove(PairId pair, UUID message) {
    judge(access.checked(pair, () -> changes.remove(pair, message)));
  }

  /**
   * Removes a message and all that come after it, at most {@value #REMOVED_AT_ONCE}: what was said
   * from there on can be said anew.
   *
   * @throws Problem 404 when the caller may not use the persona, or there is no such message; 409
   *     when there are more
   */
  public void removeFrom(PairId pair, UUID message) {
    judge(access.checked(pair, () -> changes.removeFrom(pair, message, REMOVED_AT_ONCE)));
  }

  private static void judge(Removal removal) {
    switch (removal) {
      case DONE -> {}
      case NOT_THERE -> throw noMessage();
      case TOO_MANY ->
          throw Problem.conflict(
              "More than %d messages come after this one; begin with a later one, or delete the whole history"
                  .formatted(REMOVED_AT_ONCE));
    }
  }

  /** The database keeps microseconds: an answer says what a later page will say. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  /**
   * Forgets the whole history, however long it is, in one short transaction; the persona stays.
   * Nothing of it is seen from then on, and it is erased soon after.
   *
   * @throws Problem 404 when the caller may not use the persona
   */
  public void forget(PairId pair) {
    access.checked(pair, () -> rows.window(pair, Window.newest(0), PAGE_BYTES));
    forgetting.forget(pair);
  }
}
