package io.mybella.persona.catalog;

import io.mybella.persona.avatar.Avatars;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
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

  /** How many bytes of texts a list reads at once; those of most users are a tenth of it. */
  private static final int TEXTS_AT_ONCE = 64 << 10;

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
         where a.user_id = ? and c.deleted_at is null and c.active
           and (c.owner_user_id is null or c.owner_user_id = a.user_id)),
        %d)
      """
          .formatted(DEFAULT_PERSONA_ID);

  /**
   * The list, with the texts of the first personas: reading those of all would take as much memory
   * as a user likes. A column that is not asked for is not read from its place either.
   */
  private static final String AVAILABLE =
      """
      with current as (select %s as id),
      listed as (
        select * from persona where owner_user_id is null and deleted_at is null and active
        union all
        select * from persona where owner_user_id = ? and deleted_at is null and active),
      sized as (
        select p.*,
          octet_length(p.name) + octet_length(p.display_name) + octet_length(p.description)
            + octet_length(p.personality_traits) + octet_length(p.communication_style)
            + octet_length(p.tagline) as text_bytes
        from listed p),
      summed as (
        select p.*,
          sum(text_bytes) over (order by p.owner_user_id is not null, p.id) <= %d as is_read
        from sized p)
      select p.id, case when is_read then p.name end, case when is_read then p.display_name end,
        case when is_read then p.description end, p.avatar, p.avatar_version,
        case when is_read then p.personality_traits end,
        case when is_read then p.communication_style end, case when is_read then p.tagline end,
        p.voice_id, p.has_custom_voice, p.owner_user_id is not null as is_custom, p.version,
        p.id = (select id from current) as is_current, text_bytes, is_read
      from summed p
      order by is_custom, id
      """
          .formatted(CURRENT, TEXTS_AT_ONCE);

  private static final String TEXTS =
      """
      select %s false as is_current
      from persona p
      where p.id = any (?) and p.deleted_at is null
        and (p.owner_user_id is null or p.owner_user_id = ?)
      """
          .formatted(COLUMNS);

  private static final String ONE =
      """
      select %s p.id = %s as is_current
      from persona p
      where p.id = ? and p.deleted_at is null
        and (p.owner_user_id = ? or (p.owner_user_id is null and p.active))
      """
          .formatted(COLUMNS, CURRENT);

  private static final String CURRENT_ONE =
      """
      select %s true as is_current from persona p where p.id = %s
      """
          .formatted(COLUMNS, CURRENT);

  private static final RowMapper<PersonaView> VIEW = (row, number) -> view(row);

  private static final RowMapper<AvailablePersonas.Entry> ENTRY = (row, number) -> entry(row);

  private final JdbcTemplate jdbc;

  PersonaDirectory(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Built-in personas first, then the user's own, each by id. Exactly one is current. */
  public AvailablePersonas available(long userId) {
    return new AvailablePersonas(
        jdbc.query(AVAILABLE, ENTRY, userId, userId), ids -> texts(userId, ids), TEXTS_AT_ONCE);
  }

  private Map<Long, PersonaView> texts(long userId, List<Long> ids) {
    return jdbc.query(TEXTS, VIEW, ids.toArray(Long[]::new), userId).stream()
        .collect(Collectors.toMap(PersonaView::id, Function.identity()));
  }

  /** One persona; empty when it is not there or not the user's. */
  public Optional<PersonaView> find(long userId, long personaId) {
    return jdbc.query(ONE, VIEW, userId, personaId, userId).stream().findFirst();
  }

  /** The user's active persona. */
  public PersonaView current(long userId) {
    return jdbc.query(CURRENT_ONE, VIEW, userId).getFirst();
  }

  private static AvailablePersonas.Entry entry(ResultSet row) throws SQLException {
    return new AvailablePersonas.Entry(
        row.getLong(1),
        row.getLong(13),
        row.getBoolean(14),
        row.getBoolean(11),
        row.getInt(15),
        row.getBoolean(16) ? view(row) : null);
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
