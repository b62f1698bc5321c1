package io.mybella.memory.history;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.OffsetDateTime;
import java.util.UUID;

/** How a row of {@code chat_message} is read. */
public final class MessageRow {

  /** The columns that a message is made of. */
  public static final String COLUMNS =
      "id, conversation_id, role, content, created_at, model, tokens, client_message_id,"
          + " in_reply_to, metadata, edited_at";

  private MessageRow() {}

  /** The message of a row with {@link #COLUMNS}. */
  public static Message read(ResultSet row) throws SQLException {
    OffsetDateTime editedAt = row.getObject("edited_at", OffsetDateTime.class);
    return new Message(
        row.getObject("id", UUID.class),
        row.getObject("conversation_id", UUID.class),
        Role.of(row.getString("role")),
        row.getString("content"),
        row.getObject("created_at", OffsetDateTime.class).toInstant(),
        row.getString("model"),
        row.getObject("tokens", Integer.class),
        row.getString("client_message_id"),
        row.getObject("in_reply_to", UUID.class),
        row.getString("metadata"),
        editedAt == null ? null : editedAt.toInstant());
  }
}
