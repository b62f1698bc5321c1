package io.mybella.voice.elevenlabs;

import java.io.IOException;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * ElevenLabs did not do what it was asked for. Carries neither key nor text, but the id by which
 * ElevenLabs knows the request, when it said one.
 */
public final class ElevenLabsException extends IOException {

  /** Of the id of a request; it comes from outside and goes into the log. */
  private static final Pattern REQUEST_ID = Pattern.compile("[A-Za-z0-9_-]{1,64}");

  private final transient ElevenLabsFailure failure;

  /** Says why. */
  public ElevenLabsException(ElevenLabsFailure failure) {
    this(failure, null);
  }

  /** Says why, and of which request; an id that does not look like one is left out. */
  public ElevenLabsException(ElevenLabsFailure failure, @Nullable String requestId) {
    super(
        requestId != null && REQUEST_ID.matcher(requestId).matches()
            ? "ElevenLabs: %s (request %s)".formatted(failure.reason(), requestId)
            : "ElevenLabs: " + failure.reason());
    this.failure = failure;
  }

  /** Why. */
  public ElevenLabsFailure failure() {
    return failure;
  }
}
