package io.mybella.chat.conversation.web;

import io.mybella.chassis.http.BodyLimit;
import io.mybella.chassis.problem.Problem;
import io.mybella.chat.conversation.Conversation;
import io.mybella.chat.conversation.Turn;
import io.mybella.chat.conversation.TurnListener;
import io.mybella.chat.conversation.Utterance;
import io.mybella.chat.conversation.web.EventStream.CallerGone;
import io.mybella.chat.memory.Message;
import jakarta.servlet.http.HttpServletResponse;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MimeTypeUtils;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RestController;
import tools.jackson.databind.json.JsonMapper;

/** Takes a message and answers with the reply, whole or while it is produced. */
@RestController
class ChatController {

  private static final Logger log = LoggerFactory.getLogger(ChatController.class);

  private final Conversation conversation;
  private final JsonMapper json;

  ChatController(Conversation conversation, JsonMapper json) {
    this.conversation = conversation;
    this.json = json;
  }

  @BodyLimit(kilobytes = 128)
  @PostMapping(
      path = "/api/personas/{id}/chat",
      consumes = MediaType.APPLICATION_JSON_VALUE,
      produces = {MediaType.APPLICATION_JSON_VALUE, MediaType.TEXT_EVENT_STREAM_VALUE})
  @Nullable ResponseEntity<ChatReply> chat(
      @PathVariable long id,
      @RequestBody ChatRequest request,
      @RequestHeader(name = HttpHeaders.ACCEPT, defaultValue = MediaType.ALL_VALUE) String accept,
      HttpServletResponse response) {
    Utterance utterance = request.utterance();
    if (prefersEvents(accept)) {
      stream(id, utterance, request.wantsVoice(), new EventStream(response, json));
      return null;
    }
    Turn turn = conversation.take(id, utterance, new WholeReply());
    return ResponseEntity.ok(
        ChatReply.of(turn, request.wantsVoice() ? ChatAudio.of(id, turn.reply().content()) : null));
  }

  private void stream(long id, Utterance utterance, boolean voice, EventStream events) {
    try {
      Turn turn = conversation.take(id, utterance, new StreamedReply(events));
      events.send("reply", ChatReply.of(turn, null));
      if (voice) {
        events.send("audio", ChatAudio.of(id, turn.reply().content()));
      }
    } catch (CallerGone gone) {
      log.debug("The caller hung up while persona {} replied", id, gone);
    } catch (RuntimeException failure) {
      if (!events.isOpen()) {
        throw failure;
      }
      tell(failure, events);
    }
  }

  private static void tell(RuntimeException failure, EventStream events) {
    StreamError error;
    if (failure instanceof Problem problem) {
      error = StreamError.of(problem);
    } else {
      log.error("A reply failed midway", failure);
      error =
          StreamError.of(
              HttpStatus.INTERNAL_SERVER_ERROR,
              "Something went wrong on our side; quote the request_id to support");
    }
    try {
      events.send("error", error);
    } catch (CallerGone gone) {
      log.debug("The caller hung up before the error could be told", gone);
    }
  }

  /** Events when they are asked for before JSON; JSON when both would do. */
  private static boolean prefersEvents(String accept) {
    List<MediaType> accepted = MediaType.parseMediaTypes(accept);
    MimeTypeUtils.sortBySpecificity(accepted);
    accepted.sort((a, b) -> Double.compare(b.getQualityValue(), a.getQualityValue()));
    for (MediaType type : accepted) {
      if (type.includes(MediaType.APPLICATION_JSON)) {
        return false;
      }
      if (type.includes(MediaType.TEXT_EVENT_STREAM)) {
        return true;
      }
    }
    return false;
  }

  private record StreamedReply(EventStream events) implements TurnListener {

    @Override
    public void remembered(Message said) {
      events.send("message", said);
    }

    @Override
    public void piece(String text) {
      events.send("delta", new ChatDelta(text));
    }
  }

  /** Whoever takes the reply as a whole needs no part of it before. */
  private record WholeReply() implements TurnListener {

    @Override
    public void remembered(Message said) {}

    @Override
    public void piece(String text) {}
  }
}
