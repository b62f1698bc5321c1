package io.mybella.persona.activation;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import io.mybella.persona.account.AccountException;
import io.mybella.persona.account.RefusedAccount;
import io.mybella.persona.activation.Switched.Reason;
import io.mybella.persona.catalog.PersonaDirectory;
import io.mybella.persona.catalog.PersonaException;
import io.mybella.persona.catalog.PersonaFact;
import io.mybella.persona.catalog.PersonaTable;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Timestamp;
import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.context.event.EventListener;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.RowMapper;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;

/** Each user's active persona. */
@Service
public class ActivePersonas {

  /**
   * Finds the persona, makes it the active one and says what was before, in one statement. It is
   * locked as {@link PersonaTable#TARGET} says.
   */
  private static final String SWITCH =
      """
      with %s,
      switched as (
        insert into active_persona as a (user_id, persona_id, switched_at)
        select ?, id, ? from target
        on conflict (user_id) do update
          set persona_id = excluded.persona_id,
              version = a.version + 1,
              switched_at = excluded.switched_at
          where a.persona_id <> excluded.persona_id
        returning old.persona_id as previous, new.version as version)
      select t.id, t.name, t.display_name, t.avatar, s.previous, s.version
      from target t left join switched s on true
      """
          .formatted(PersonaTable.TARGET);

  private static final String FALL_BACK =
      """
      update active_persona
      set persona_id = ?, version = version + 1, switched_at = ?
      where persona_id = ? and user_id = ?
      returning user_id, version
      """;

  /**
   * Makes the persona the active one of each user who has chosen none, and says for all of them
   * what there is: whether the user may use the persona, what was chosen before, and the version of
   * a choice that was made now.
   */
  private static final String TAKE_OVER =
      """
      with asked as (
        select * from unnest(?::bigint[], ?::bigint[], ?::timestamptz[])
          with ordinality as each (user_id, persona_id, at, place)),
      usable as (
        select a.place from asked a join persona p on p.id = a.persona_id
        where %s
          and not exists (select from erased_account e where e.user_id = a.user_id)
        for share of p),
      chosen as (
        insert into active_persona (user_id, persona_id, switched_at)
        select user_id, persona_id, at from asked where place in (select place from usable)
        order by user_id
        on conflict (user_id) do nothing
        returning user_id, persona_id, version)
      select a.user_id, a.persona_id, a.place in (select place from usable), b.persona_id, c.version,
        exists (select from erased_account e where e.user_id = a.user_id)
          or exists (select from persona p where p.id = a.persona_id and %s)
      from asked a
        left join active_persona b on b.user_id = a.user_id
        left join chosen c on c.user_id = a.user_id and c.persona_id = a.persona_id
      order by a.place
      """
          .formatted(PersonaTable.usableBy("a.user_id"), PersonaTable.DELETED);

  private static final RowMapper<Outcome> OUTCOME = (row, number) -> Outcome.of(row);

  private final JdbcTemplate jdbc;
  private final ApplicationEventPublisher events;
  private final Clock clock;
  private final Counter switches;

  ActivePersonas(
      JdbcTemplate jdbc, ApplicationEventPublisher events, Clock clock, MeterRegistry meters) {
    this.jdbc = jdbc;
    this.events = events;
    this.clock = clock;
    this.switches =
        Counter.builder("mybella.persona.switches")
            .description("Switches to another persona that users made")
            .register(meters);
  }

  /**
   * Makes a persona the user's active one. Nothing is told when it is that already.
   *
   * @throws PersonaException.NotFound when it is not there, not offered or not the user's
   * @throws AccountException.Gone when the user's account is
   */
  @Transactional
  public ChosenPersona switchTo(UserId userId, PersonaId personaId) {
    Instant now = clock.instant();
    Outcome outcome = outcome(userId, personaId, now).orElseThrow(PersonaException.NotFound::new);
    if (outcome.isChange()) {
      switches.increment();
      events.publishEvent(
          new Switched(userId, personaId, outcome.previous(), Reason.USER, outcome.version(), now));
    }
    return outcome.persona();
  }

  /**
   * Takes over what users chose elsewhere, where they have chosen nothing here. Needs a
   * transaction.
   *
   * @param choices at most one of each user
   * @return what became of each, in their order
   * @throws AccountException.BeingDeleted when one of the accounts is
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public List<TakenOver> takeOver(List<Choice> choices) {
    Instant now = clock.instant();
    List<Found> found = found(choices);
    List<TakenOver> taken = new ArrayList<>();
    for (Found each : found) {
      taken.add(each.outcome());
      if (each.version() != null && !each.personaId().equals(PersonaDirectory.DEFAULT_PERSONA_ID)) {
        events.publishEvent(
            new Switched(
                each.userId(), each.personaId(), null, Reason.IMPORT, each.version(), now));
      }
    }
    return taken;
  }

  private List<Found> found(List<Choice> choices) {
    try {
      return jdbc.query(
          TAKE_OVER,
          (row, _) ->
              new Found(
                  new UserId(row.getLong(1)),
                  new PersonaId(row.getLong(2)),
                  row.getBoolean(3),
                  PersonaId.ofNullable(row.getObject(4, Long.class)),
                  row.getObject(5, Long.class),
                  row.getBoolean(6)),
          choices.stream().map(each -> each.userId().value()).toArray(Long[]::new),
          choices.stream().map(each -> each.personaId().value()).toArray(Long[]::new),
          choices.stream().map(each -> each.at().toString()).toArray(String[]::new));
    } catch (DataIntegrityViolationException violation) {
      throw RefusedAccount.exceptionAmong("choices", violation);
    }
  }

  /**
   * What a user chose elsewhere.
   *
   * @param at when
   */
  public record Choice(UserId userId, PersonaId personaId, Instant at) {}

  /** What became of a choice that was made elsewhere. */
  public enum TakenOver {
    /** It holds from now on. */
    CHOSEN,
    /** The user had chosen the same persona here. */
    SAME,
    /** The user has chosen another one here, which stays. */
    ANOTHER,
    /** The persona or the user's account was deleted. */
    GONE,
    /** There is no such persona for this user, or it is not offered. */
    NOT_THERE
  }

  /**
   * @param before what was chosen before; null when nothing was
   * @param version of the choice that was made now; null when none was
   * @param gone whether the persona or the user's account was deleted
   */
  private record Found(
      UserId userId,
      PersonaId personaId,
      boolean usable,
      @Nullable PersonaId before,
      @Nullable Long version,
      boolean gone) {

    TakenOver outcome() {
      if (version != null) {
        return TakenOver.CHOSEN;
      }
      if (personaId.equals(before)) {
        return TakenOver.SAME;
      }
      if (gone) {
        return TakenOver.GONE;
      }
      return usable ? TakenOver.ANOTHER : TakenOver.NOT_THERE;
    }
  }

  /**
   * Forgets what a user chose whose account is gone, as part of the transaction under way. Nobody
   * is told: there is no user any more.
   *
   * @return how many choices there were, 0 or 1
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public long forget(UserId userId) {
    return jdbc.update("delete from active_persona where user_id = ?", userId.value());
  }

  private Optional<Outcome> outcome(UserId userId, PersonaId personaId, Instant now) {
    try {
      return jdbc
          .query(
              SWITCH,
              OUTCOME,
              personaId.value(),
              userId.value(),
              personaId.value(),
              userId.value(),
              Timestamp.from(now))
          .stream()
          .findFirst();
    } catch (DataIntegrityViolationException violation) {
      throw RefusedAccount.exception(violation);
    }
  }

  /**
   * The owner who had the deleted persona active has the default one from now on. For those of a
   * built-in persona see {@link RetiredPersonas}.
   */
  @EventListener
  void fallBack(PersonaFact.Removed removed) {
    UserId owner = removed.ownerUserId();
    if (owner == null) {
      return;
    }
    // A custom persona is active for nobody but its owner, whose row the primary key finds.
    jdbc.query(
            FALL_BACK,
            (row, number) ->
                new Switched(
                    new UserId(row.getLong(1)),
                    PersonaDirectory.DEFAULT_PERSONA_ID,
                    removed.personaId(),
                    Reason.PERSONA_DELETED,
                    row.getLong(2),
                    removed.removedAt()),
            PersonaDirectory.DEFAULT_PERSONA_ID.value(),
            Timestamp.from(removed.removedAt()),
            removed.personaId().value(),
            owner.value())
        .forEach(events::publishEvent);
  }

  private record Outcome(
      ChosenPersona persona, @Nullable PersonaId previous, @Nullable Long newVersion) {

    static Outcome of(ResultSet row) throws SQLException {
      return new Outcome(
          new ChosenPersona(
              new PersonaId(row.getLong(1)), row.getString(2), row.getString(3), row.getString(4)),
          PersonaId.ofNullable(row.getObject(5, Long.class)),
          row.getObject(6, Long.class));
    }

    /** The first choice is no change when it is the persona that was active without a choice. */
    boolean isChange() {
      return newVersion != null
          && (previous != null || !persona.id().equals(PersonaDirectory.DEFAULT_PERSONA_ID));
    }

    long version() {
      return newVersion == null ? 0 : newVersion;
    }
  }
}
