package io.mybella.persona.catalog;

import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * What statements say of table {@code persona}: who may see a persona and who may use one stands
 * here and nowhere else. Other rooms that have to look at a persona within a statement of their own
 * call the table {@code p}, take their conditions from here and name no column of it but the id.
 */
public final class PersonaTable {

  /** Whether persona {@code p} is a tombstone. */
  public static final String DELETED = "p.deleted_at is not null";

  /** Whether persona {@code p} is no tombstone. */
  public static final String LIVING = "p.deleted_at is null";

  /** Whether persona {@code p} stands in lists and can be chosen, by whoever may see it. */
  static final String OFFERED = LIVING + " and p.active";

  /** Whether persona {@code p} belongs to the system. */
  public static final String BUILT_IN = "p.owner_user_id is null";

  /** Columns of tombstone {@code p} for {@link PersonaFact.RemovalPending#of}. */
  public static final String REMOVAL = "p.id, p.owner_user_id, p.version";

  private static final String USER = ":userId";

  /**
   * Whether user {@code :userId} may see persona {@code p}: read it and its picture and, where the
   * rest allows it, change it. One that is not offered is there for those who had it before.
   */
  static final String VISIBLE =
      LIVING + " and (" + BUILT_IN + " or p.owner_user_id = " + USER + ")";

  /**
   * The persona that a user wants to use, if the user may, as common table expressions of which the
   * last is {@code target} ({@code id}, {@code name}, {@code display_name}, {@code avatar}). The
   * row of a custom persona is locked against its deletion; that of a built-in one is not, because
   * every user's switches would meet there. Its three parameters are the id of the persona, the
   * user's and once more that of the persona.
   */
  public static final String TARGET =
      """
      own as (
        select p.id, p.name, p.display_name, p.avatar from persona p
        where p.id = ? and p.owner_user_id = ? and %1$s
        for share),
      target as (
        select * from own
        union all
        select p.id, p.name, p.display_name, p.avatar from persona p
        where p.id = ? and %2$s and %1$s)
      """
          .formatted(OFFERED, BUILT_IN);

  private PersonaTable() {}

  /**
   * The columns of a profile in their order.
   *
   * @param pattern what is said of each; {@code %s} is its name
   * @param between what stands between two
   */
  static String eachText(String pattern, String between) {
    return Stream.of(ProfileField.values())
        .map(field -> pattern.formatted(field.wireName()))
        .collect(Collectors.joining(between));
  }

  /**
   * {@link #VISIBLE} for another name of the user.
   *
   * @param user a parameter or a column of the statement
   */
  static String visibleTo(String user) {
    return VISIBLE.replace(USER, user);
  }

  /**
   * Whether a user may use persona {@code p}: have it in the list, choose it and keep it chosen.
   *
   * @param user a parameter or a column of the statement
   */
  public static String usableBy(String user) {
    return visibleTo(user) + " and p.active";
  }
}
