package io.mybella.memory.history;

import io.mybella.chassis.problem.Problem;
import io.mybella.memory.pair.PairId;
import io.mybella.memory.persona.PersonaAccess;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.springframework.stereotype.Service;

/**
 * Reads histories from their beginning to their end. They may be longer than the heap: a piece is
 * read when the one before it was taken, and nobody holds a database connection in between.
 */
@Service
public class WholeHistory {

  /** Messages of a piece at most. */
  private static final int PIECE = 200;

  /**
   * The bytes of content and metadata of a piece, or one message. Whoever takes it slowly keeps it,
   * and as many as there are connections must fit into the heap.
   */
  private static final int PIECE_BYTES = 64 * 1024;

  private final MessageRows rows;
  private final PersonaAccess access;

  WholeHistory(MessageRows rows, PersonaAccess access) {
    this.rows = rows;
    this.access = access;
  }

  /**
   * All messages, oldest first, up to the one that is the newest now: so there is an end, however
   * much is said meanwhile. What is changed, deleted or imported before it is taken is as it is
   * then.
   *
   * @return to be walked through once; fails as this does when the persona is gone meanwhile
   * @throws Problem 404 when the user may not use the persona
   */
  public Stream<Message> messages(PairId pair) {
    List<Message> newest = piece(pair, Window.newest(1));
    if (newest.isEmpty()) {
      return Stream.empty();
    }
    UUID end = newest.getFirst().id();
    return Stream.iterate(
            next(pair, Window.START, end),
            piece -> !piece.isEmpty(),
            piece -> next(pair, piece.getLast().id(), end))
        .flatMap(List::stream);
  }

  private List<Message> next(PairId pair, UUID after, UUID end) {
    return piece(pair, Window.after(after, PIECE)).stream()
        .takeWhile(message -> MessageIds.compare(message.id(), end) <= 0)
        .toList();
  }

  private List<Message> piece(PairId pair, Window window) {
    return access.checked(pair, () -> rows.window(pair, window, PIECE_BYTES)).messages();
  }
}
