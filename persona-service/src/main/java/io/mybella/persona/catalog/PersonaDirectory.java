package io.mybella.persona.catalog;

import io.mybella.persona.avatar.Avatars;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Repository;

/**
 * What a user sees of the personas. Each question is one SQL statement and no transaction: this is
 * what front ends poll.
 */
@Repository
public class PersonaDirectory {

  /** Isabella: the active persona of whoever chose none. */
  public static final long DEFAULT_PERSONA_ID = 1;

  private static final String COLUMNS =
      """
      p.id, p.name, p.display_name, p.description, p.avatar, p.avatar_version,
      p.personality_traits, p.communication_style, p.tagline, p.voice_id, p.has_custom_voice,
      p.owner_user_id is not null as is_custom, p.version,
      """;

  /**
   * The user's active persona, or the default one when the user chose none or the chosen one is
   * gone: there is always exactly one.
   */
  private static final String CURRENT =
      """
      coalesce(
        (select a.persona_id from active_persona a join persona c on c.id = a.persona_id
         where a.user_id = ? and c.deleted_at is null
           and (c.owner_user_id is null or c.owner_user_id = a.user_id)),
        %d)
      """
          .formatted(DEFAULT_PERSONA_ID);

  private static final String AVAILABLE =
      """
      with current as (select %s as id)
      select %s p.id = (select id from current) as is_current
      from persona p where p.owner_user_id is null and p.deleted_at is null
      union all
      select %s p.id = (select id from current) as is_current
      from persona p where p.owner_user_id = ? and p.deleted_at is null
      order by is_custom, id
      """
          .formatted(CURRENT, COLUMNS, COLUMNS);

  private static final String ONE =
      """
      select %s p.id = %s as is_current
      from persona p
      where p.id = ? and p.deleted_at is null and (p.owner_user_id is null or p.owner_user_id = ?)
      """
          .formatted(COLUMNS, CURRENT);

  private static final String CURRENT_ONE =
      """
      select %s true as is_current from persona p where p.id = %s
      """
          .formatted(COLUMNS, CURRENT);

  private static final RowMapper<PersonaView> VIEW = (row, number) -> view(row);

  private final JdbcTemplate jdbc;

  PersonaDirectory(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Built-in personas first, then the user's own, each by id. Exactly one is current. */
  public List<PersonaView> available(long userId) {
    return jdbc.query(AVAILABLE, VIEW, userId, userId);
  }

  /** One persona; empty when it is not there or not the user's. */
  public Optional<PersonaView> find(long userId, long personaId) {
    return jdbc.query(ONE, VIEW, userId, personaId, userId).stream().findFirst();
  }

  /** The user's active persona. */
  public PersonaView current(long userId) {
    return jdbc.query(CURRENT_ONE, VIEW, userId).getFirst();
  }

  private static PersonaView view(ResultSet row) throws SQLException {
    long id = row.getLong(1);
    String avatar = row.getString(5);
    return new PersonaView(
        id,
        row.getString(2),
        row.getString(3),
        row.getString(4),
        avatar,
        avatar == null ? null : Avatars.url(id, row.getLong(6)),
        row.getString(7),
        row.getString(8),
        row.getString(9),
        row.getString(10),
        row.getBoolean(11),
        row.getBoolean(12),
        row.getBoolean(14),
        row.getLong(13));
  }
}
