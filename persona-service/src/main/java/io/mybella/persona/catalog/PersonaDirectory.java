package io.mybella.persona.catalog;

import io.mybella.persona.avatar.Avatar;
import io.mybella.persona.avatar.Avatars;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
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
  public static final PersonaId DEFAULT_PERSONA_ID = new PersonaId(1);

  /** How many bytes of texts a list reads at once; those of most users are a tenth of it. */
  private static final int TEXTS_AT_ONCE = 64 << 10;

  private static final String COLUMNS =
      """
      p.id, p.version, p.has_custom_voice, p.owner_user_id is not null as is_custom, p.avatar,
      p.avatar_version, %s,
      """
          .formatted(PersonaTable.eachText("p.%s", ", "));

  /**
   * The user's active persona, or the default one when the user chose none or the chosen one is
   * gone: there is always exactly one.
   */
  private static final String CURRENT =
      """
      coalesce(
        (select a.persona_id from active_persona a join persona p on p.id = a.persona_id
         where a.user_id = ? and %s),
        %d)
      """
          .formatted(PersonaTable.usableBy("a.user_id"), DEFAULT_PERSONA_ID.value());

  /** The longest texts of one persona in UTF-8. */
  private static final int LONGEST_TEXTS =
      4 * Stream.of(ProfileField.values()).mapToInt(ProfileField::longest).sum();

  /**
   * The list, with the texts of the user's first personas: reading those of all would take as much
   * memory as a user likes. Built-in personas are named alone, because whoever writes the list
   * knows their texts; of a column that is not asked for nothing is read from its place either. Who
   * chose none of these personas is told {@linkplain AvailablePersonas later} which one is current,
   * and there their order is seen to.
   */
  private static final String AVAILABLE =
      """
      with own as (
        select p.*, %5$s as text_bytes
        from persona p where p.owner_user_id = ? and %1$s),
      summed as (
        select own.*, sum(text_bytes) over (order by id) <= %3$d as is_read from own)
      select p.*, id = (select persona_id from active_persona where user_id = ?) as is_current
      from (
        select id, version, has_custom_voice, false, null, null, %6$s, %4$d, false
        from persona p where %2$s and %1$s
        union all
        select id, version, has_custom_voice, true, avatar, avatar_version, %7$s, text_bytes,
          is_read
        from summed) p
      """
          .formatted(
              PersonaTable.OFFERED,
              PersonaTable.BUILT_IN,
              TEXTS_AT_ONCE,
              LONGEST_TEXTS,
              PersonaTable.eachText("coalesce(octet_length(%s), 0)", " + "),
              PersonaTable.eachText("null", ", "),
              PersonaTable.eachText("case when is_read then %s end", ", "));

  private static final String TEXTS =
      """
      select %s false as is_current
      from persona p
      where p.id = any (?) and %s
      """
          .formatted(COLUMNS, PersonaTable.visibleTo("?"));

  private static final String ONE =
      """
      select %s p.id = %s as is_current
      from persona p
      where p.id = ? and %s
      """
          .formatted(COLUMNS, CURRENT, PersonaTable.visibleTo("?"));

  private static final String CURRENT_ONE =
      """
      select %s true as is_current from persona p where p.id = %s
      """
          .formatted(COLUMNS, CURRENT);

  private static final String PICTURE =
      """
      select p.avatar, p.avatar_version from persona p
      where p.id = ? and p.avatar is not null and %s
      """
          .formatted(PersonaTable.visibleTo("?"));

  private static final RowMapper<PersonaView> VIEW = (row, number) -> view(row, row.getBoolean(14));

  private static final RowMapper<AvailablePersonas.Entry> ENTRY = (row, number) -> entry(row);

  private final JdbcTemplate jdbc;

  PersonaDirectory(JdbcTemplate jdbc) {
    this.jdbc = jdbc;
  }

  /** Built-in personas first, then the user's own, each by id. Exactly one is current. */
  public AvailablePersonas available(UserId userId) {
    return new AvailablePersonas(
        jdbc.query(AVAILABLE, ENTRY, userId.value(), userId.value()),
        ids -> texts(userId, ids),
        TEXTS_AT_ONCE);
  }

  private Map<Long, PersonaView> texts(UserId userId, List<Long> ids) {
    return jdbc.query(TEXTS, VIEW, ids.toArray(Long[]::new), userId.value()).stream()
        .collect(Collectors.toMap(view -> view.id().value(), Function.identity()));
  }

  /** One persona; empty when it is not there or not the user's. */
  public Optional<PersonaView> find(UserId userId, PersonaId personaId) {
    return jdbc.query(ONE, VIEW, userId.value(), personaId.value(), userId.value()).stream()
        .findFirst();
  }

  /** The user's active persona. */
  public PersonaView current(UserId userId) {
    return jdbc.query(CURRENT_ONE, VIEW, userId.value()).getFirst();
  }

  /** The picture of a persona that the user may see; empty without one and without the right. */
  public Optional<Avatar> picture(UserId userId, PersonaId personaId) {
    return jdbc
        .query(
            PICTURE,
            (row, _) -> new Avatar(row.getString(1), row.getLong(2)),
            personaId.value(),
            userId.value())
        .stream()
        .findFirst();
  }

  private static AvailablePersonas.Entry entry(ResultSet row) throws SQLException {
    boolean isCurrent = row.getBoolean(16);
    return new AvailablePersonas.Entry(
        row.getLong(1),
        row.getLong(2),
        isCurrent,
        row.getBoolean(3),
        row.getBoolean(4),
        row.getInt(14),
        row.getBoolean(15) ? view(row, isCurrent) : null);
  }

  private static PersonaView view(ResultSet row, boolean isCurrent) throws SQLException {
    PersonaId id = new PersonaId(row.getLong(1));
    String avatar = row.getString(5);
    return new PersonaView(
        id,
        Profile.of(row, 7),
        avatar,
        avatar == null ? null : Avatars.url(id, row.getLong(6)),
        row.getBoolean(3),
        row.getBoolean(4),
        isCurrent,
        row.getLong(2));
  }
}
