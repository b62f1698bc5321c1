package io.mybella.chat.conversation.web;

import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import org.springframework.http.HttpHeaders;
import org.springframework.http.MediaType;
import tools.jackson.databind.json.JsonMapper;

/**
 * Writes server-sent events straight to the response, each flushed on its own. The request's
 * virtual thread does it itself, so what is written is what was produced, in its order, and a
 * caller who has gone stops the production by the write that fails.
 */
final class EventStream {

  /** The caller is not there any more. */
  static final class CallerGone extends UncheckedIOException {
    CallerGone(IOException cause) {
      super(cause);
    }
  }

  private final HttpServletResponse response;
  private final JsonMapper json;
  private boolean open;

  EventStream(HttpServletResponse response, JsonMapper json) {
    this.response = response;
    this.json = json;
  }

  /** Whether an event was sent, so that the status cannot change any more. */
  boolean isOpen() {
    return open;
  }

  /**
   * Sends an event.
   *
   * @param event its name
   * @param data its data, written as JSON in one line
   * @throws CallerGone when the caller has hung up
   */
  void send(String event, Object data) {
    String text = "event:" + event + "\ndata:" + json.writeValueAsString(data) + "\n\n";
    try {
      if (!open) {
        response.setContentType(MediaType.TEXT_EVENT_STREAM_VALUE);
        response.setCharacterEncoding(StandardCharsets.UTF_8);
        response.setHeader(HttpHeaders.CACHE_CONTROL, "no-cache");
        // Reverse proxies such as nginx would collect the events otherwise.
        response.setHeader("X-Accel-Buffering", "no");
        open = true;
      }
      response.getOutputStream().write(text.getBytes(StandardCharsets.UTF_8));
      response.flushBuffer();
    } catch (IOException gone) {
      throw new CallerGone(gone);
    }
  }
}
