package io.mybella.voice.speech.web;

import io.mybella.voice.audio.ListenerGoneException;
import io.mybella.voice.speech.Speech;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.List;
import java.util.OptionalLong;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpMethod;
import org.springframework.http.HttpRange;
import org.springframework.web.context.request.ServletWebRequest;

/**
 * Sends a speech: while it is made, as it comes, and when it is whole with its length. Who gets a
 * whole one may ask for a part of it, or whether it is still the same (RFC 9110, sections 13 and
 * 14); players of Safari ask for parts before they play.
 */
final class SpeechAnswer {

  private static final Logger LOG = LoggerFactory.getLogger(SpeechAnswer.class);

  /** Bytes a second: half of what listening at the speed of speech takes, at 64 kbit/s. */
  private static final int SLOWEST = 4 * 1024;

  /** What a listener may pause besides. */
  private static final Duration PAUSE = Duration.ofSeconds(10);

  private final Speech spoken;
  private final HttpServletRequest request;
  private final HttpServletResponse response;

  SpeechAnswer(Speech spoken, HttpServletRequest request, HttpServletResponse response) {
    this.spoken = spoken;
    this.request = request;
    this.response = response;
  }

  /**
   * Sends it.
   *
   * @throws BrokenSpeechException when it breaks off, or the listener takes too long
   */
  void send() throws IOException {
    String tag = "\"%s\"".formatted(spoken.audio().id());
    response.setContentType(spoken.format().mediaType());
    response.setHeader(HttpHeaders.ETAG, tag);
    response.setHeader("X-Voice-Source", spoken.source());
    if (spoken.fallback() != null) {
      response.setHeader("X-Voice-Fallback", spoken.fallback());
    }
    OptionalLong whole = spoken.audio().whole();
    if (whole.isEmpty()) {
      stream();
    } else if (isRead()) {
      response.setHeader(HttpHeaders.ACCEPT_RANGES, "bytes");
      if (!new ServletWebRequest(request, response).checkNotModified(tag)) {
        sendPart(whole.getAsLong(), asked(tag));
      }
    } else {
      response.setContentLengthLong(whole.getAsLong());
      stream();
    }
  }

  private boolean isRead() {
    return HttpMethod.GET.matches(request.getMethod())
        || HttpMethod.HEAD.matches(request.getMethod());
  }

  /** The one part that is asked for; more of them, and what is no range, are passed over. */
  private @Nullable HttpRange asked(String tag) {
    String range = request.getHeader(HttpHeaders.RANGE);
    String unlessChanged = request.getHeader(HttpHeaders.IF_RANGE);
    if (range == null || (unlessChanged != null && !unlessChanged.equals(tag))) {
      return null;
    }
    try {
      List<HttpRange> ranges = HttpRange.parseRanges(range);
      return ranges.size() == 1 ? ranges.getFirst() : null;
    } catch (IllegalArgumentException e) {
      LOG.debug("No range: {}", range, e);
      return null;
    }
  }

  private void sendPart(long length, @Nullable HttpRange part) throws IOException {
    if (part == null) {
      response.setContentLengthLong(length);
      stream();
      return;
    }
    long from = part.getRangeStart(length);
    long to = part.getRangeEnd(length);
    if (from >= length || to < from) {
      response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes */" + length);
      response.sendError(HttpServletResponse.SC_REQUESTED_RANGE_NOT_SATISFIABLE);
      return;
    }
    response.setStatus(HttpServletResponse.SC_PARTIAL_CONTENT);
    response.setHeader(HttpHeaders.CONTENT_RANGE, "bytes %d-%d/%d".formatted(from, to, length));
    response.setContentLengthLong(to - from + 1);
    spoken.audio().only(from, to);
    stream();
  }

  private void stream() throws IOException {
    OutputStream out = response.getOutputStream();
    for (byte[] piece = next(); piece != null; piece = next()) {
      long begun = System.nanoTime();
      try {
        out.write(piece);
        out.flush();
      } catch (IOException e) {
        LOG.debug("The listener hung up", e);
        return;
      }
      if (System.nanoTime() - begun > longest(piece.length)) {
        throw new BrokenSpeechException(new IOException("the listener is too slow"));
      }
    }
  }

  /** How long a listener may take for so many bytes, in nanoseconds. */
  private static long longest(int bytes) {
    return PAUSE.plus(Duration.ofSeconds(bytes / SLOWEST)).toNanos();
  }

  private byte @Nullable [] next() throws BrokenSpeechException {
    try {
      return spoken.audio().next();
    } catch (ListenerGoneException e) {
      LOG.debug("The listener hung up", e);
      return null;
    } catch (IOException e) {
      LOG.warn("The {} voice broke off: {}", spoken.source(), e.getMessage());
      throw new BrokenSpeechException(e);
    }
  }
}
