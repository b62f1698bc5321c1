package io.mybella.memory.persona;

import java.sql.ResultSet;
import java.sql.SQLException;

/** Whether a user may use a persona, as far as the read model can tell. */
public enum Verdict {
  /** It is the user's own or the system's. */
  ALLOWED,
  /** It is somebody else's, or gone, or the user is; or it is switched off and has no memory. */
  REFUSED,
  /** Nothing is known of it; persona-service has to be asked. */
  UNKNOWN;

  /**
   * An SQL expression that a statement asks along with its rows, so that the check costs no round
   * trip of its own: true, false, or null when the persona is not known. It reads the parameters
   * {@code user_id} and {@code persona_id}. A tombstone of the persona or of the user outweighs
   * everything else. A persona that is switched off is there for those whom it remembers: what it
   * remembers is theirs.
   */
  public static final String SQL =
      """
      (CASE WHEN EXISTS (SELECT FROM persona_tombstone WHERE persona_id = :persona_id)
              OR EXISTS (SELECT FROM account_tombstone WHERE user_id = :user_id) THEN false
            ELSE (SELECT (owner_user_id IS NULL OR owner_user_id = :user_id)
                    AND (active OR EXISTS (
                      SELECT FROM persona_memory
                      WHERE user_id = :user_id AND persona_id = :persona_id))
                  FROM known_persona WHERE persona_id = :persona_id) END)
      """;

  /** Reads the column that {@link #SQL} was selected as. */
  public static Verdict of(ResultSet row, String column) throws SQLException {
    boolean allowed = row.getBoolean(column);
    if (row.wasNull()) {
      return UNKNOWN;
    }
    return allowed ? ALLOWED : REFUSED;
  }
}
