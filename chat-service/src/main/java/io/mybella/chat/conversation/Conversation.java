package io.mybella.chat.conversation;

import io.mybella.chat.memory.Appended;
import io.mybella.chat.memory.Context;
import io.mybella.chat.memory.Memory;
import io.mybella.chat.memory.Message;
import io.mybella.chat.memory.NewMessage;
import io.mybella.chat.persona.Persona;
import io.mybella.chat.persona.PersonaDirectory;
import io.mybella.chat.prompt.Prompt;
import io.mybella.chat.reply.Replies;
import io.mybella.chat.reply.Reply;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.springframework.stereotype.Service;

/**
 * The caller and a persona in conversation. Nothing is kept here between two turns, and the only
 * memory that is asked is that of this persona with this caller.
 */
@Service
public class Conversation {

  /** How many recent messages a reply is based on: ten turns. */
  private static final int RECENT = 20;

  private final PersonaDirectory personas;
  private final Memory memory;
  private final Replies replies;

  Conversation(PersonaDirectory personas, Memory memory, Replies replies) {
    this.personas = personas;
    this.memory = memory;
    this.replies = replies;
  }

  /**
   * Takes a turn: remembers what was said, produces the reply, remembers it. A turn that ends
   * early, by a failure or because the listener throws, leaves what was said and no reply. A turn
   * that was taken before gets the reply that is there; of turns that are taken at the same time
   * the reply that was remembered first is that of all, whatever words the listener has heard.
   *
   * @throws io.mybella.chassis.problem.Problem when the persona is not there for the caller, or
   *     something that is needed does not answer
   */
  public Turn take(long personaId, Utterance utterance, TurnListener listener) {
    Persona persona = personas.find(personaId);
    Appended appended =
        memory.append(personaId, NewMessage.said(utterance.content(), utterance.clientMessageId()));
    Message said = appended.message();
    listener.remembered(said);
    if (appended.repeated()) {
      Optional<Message> earlier = memory.replyTo(personaId, said);
      if (earlier.isPresent()) {
        listener.piece(earlier.get().content());
        return taken(said, earlier.get());
      }
    }
    Context context = memory.context(personaId, RECENT, replies.contextTokens(), said.content());
    Reply reply =
        replies.produce(
            new Prompt(persona, said.content(), before(said, context.messages()), context),
            listener::piece);
    List<UUID> recalled = reply.recalled().stream().map(Message::id).toList();
    Message stored =
        memory
            .append(
                personaId,
                NewMessage.reply(said, reply.content(), reply.model(), reply.tokens(), recalled))
            .message();
    return stored.content().equals(reply.content())
        ? new Turn(said, stored, reply.engine(), reply.model(), reply.fallbackReason(), recalled)
        : taken(said, stored);
  }

  /** A turn whose reply was remembered by another one. */
  private Turn taken(Message said, Message reply) {
    String model = Objects.requireNonNullElse(reply.model(), "unknown");
    return new Turn(said, reply, replies.engineOf(reply.model()), model, null, List.of());
  }

  /** What came before a message; later ones belong to turns that are taken at the same time. */
  private static List<Message> before(Message said, List<Message> messages) {
    int at = indexOf(said, messages);
    return at < 0 ? messages : messages.subList(0, at);
  }

  private static int indexOf(Message said, List<Message> messages) {
    for (int i = messages.size() - 1; i >= 0; i--) {
      if (messages.get(i).id().equals(said.id())) {
        return i;
      }
    }
    return -1;
  }
}
