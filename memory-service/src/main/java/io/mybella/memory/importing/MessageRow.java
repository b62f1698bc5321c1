package io.mybella.memory.importing;

import io.mybella.memory.history.NewMessage;
import io.mybella.memory.history.Role;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A message as an old installation had it.
 *
 * @param key names the row
 * @param metadata a JSON object; null for none
 * @param at when it was said
 */
public record MessageRow(
    String key,
    Role role,
    String content,
    @Nullable String model,
    @Nullable Integer tokens,
    @Nullable String metadata,
    Instant at) {

  NewMessage toMessage(String source) {
    return new NewMessage(role, content, model, tokens, nameIn(source), null, null, metadata);
  }

  /** Its name here: what an application's own id of a message is. */
  String nameIn(String source) {
    return source + ":" + key;
  }
}
