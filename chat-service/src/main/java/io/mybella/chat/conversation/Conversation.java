package io.mybella.chat.conversation;

import io.mybella.chat.memory.Context;
import io.mybella.chat.memory.Memory;
import io.mybella.chat.memory.Message;
import io.mybella.chat.memory.Message.Role;
import io.mybella.chat.memory.NewMessage;
import io.mybella.chat.persona.Persona;
import io.mybella.chat.persona.PersonaDirectory;
import io.mybella.chat.prompt.Prompt;
import io.mybella.chat.reply.Replies;
import io.mybella.chat.reply.Reply;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
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
   * early, by a failure or because the listener throws, leaves what was said and no reply.
   *
   * @throws io.mybella.chassis.problem.Problem when the persona is not there for the caller, or
   *     something that is needed does not answer
   */
  public Turn take(long personaId, Utterance utterance, TurnListener listener) {
    Persona persona = personas.find(personaId);
    Message said =
        memory.append(
            personaId,
            new NewMessage(Role.USER, utterance.content(), utterance.clientMessageId(), null));
    listener.remembered(said);
    Context context = memory.context(personaId, RECENT);
    if (utterance.clientMessageId() != null) {
      Optional<Message> earlier = replyTo(said, context.messages());
      if (earlier.isPresent()) {
        return again(said, earlier.get(), listener);
      }
    }
    Reply reply =
        replies.produce(
            new Prompt(persona, said.content(), before(said, context.messages()), context),
            listener::piece);
    Message stored =
        memory.append(
            personaId,
            new NewMessage(Role.ASSISTANT, reply.content(), "reply-" + said.id(), reply.model()));
    return new Turn(said, stored, reply.engine(), reply.model(), reply.fallbackReason());
  }

  private Turn again(Message said, Message reply, TurnListener listener) {
    listener.piece(reply.content());
    String model = Objects.requireNonNullElse(reply.model(), "unknown");
    return new Turn(said, reply, replies.engineOf(reply.model()), model, null);
  }

  private static Optional<Message> replyTo(Message said, List<Message> messages) {
    int at = indexOf(said, messages);
    return at < 0 || at + 1 == messages.size()
        ? Optional.empty()
        : Optional.of(messages.get(at + 1)).filter(next -> next.role() == Role.ASSISTANT);
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
