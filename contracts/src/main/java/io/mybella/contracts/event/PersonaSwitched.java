package io.mybella.contracts.event;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A user's active persona changed: data of {@link EventTypes#PERSONA_SWITCHED}.
 *
 * @param userId the user
 * @param personaId the persona that is active now
 * @param previousPersonaId the one that was active before; {@code null} when the user never chose
 * @param reason why: {@link #REASON_USER}, {@link #REASON_PERSONA_DELETED}, {@link #REASON_IMPORT};
 *     a string, because consumers must live with reasons that are added later
 * @param version version of the user's choice, counted from 1
 * @param occurredAt when it was switched
 */
public record PersonaSwitched(
    long userId,
    long personaId,
    @Nullable Long previousPersonaId,
    String reason,
    long version,
    Instant occurredAt) {

  /** The user chose it. */
  public static final String REASON_USER = "user";

  /** The active persona was deleted, so that the default one became active. */
  public static final String REASON_PERSONA_DELETED = "persona_deleted";

  /** The choice was taken over from a MyBella database. */
  public static final String REASON_IMPORT = "import";
}
