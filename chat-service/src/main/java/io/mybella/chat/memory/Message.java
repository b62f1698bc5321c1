package io.mybella.chat.memory;

import com.fasterxml.jackson.annotation.JsonProperty;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A remembered message.
 *
 * @param id time-ordered id
 * @param role who said it
 * @param content what was said
 * @param createdAt when it was stored
 * @param model what wrote it, when it is a reply
 */
public record Message(
    UUID id, Role role, String content, Instant createdAt, @Nullable String model) {

  /** Who said a message. */
  public enum Role {
    /** The caller. */
    @JsonProperty("user")
    USER,
    /** The persona. */
    @JsonProperty("assistant")
    ASSISTANT,
    /** The application. */
    @JsonProperty("system")
    SYSTEM
  }
}
