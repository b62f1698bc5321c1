package io.mybella.persona.catalog;

import io.mybella.persona.account.AccountException;
import io.mybella.persona.account.RefusedAccount;
import io.mybella.persona.avatar.Avatars;
import io.mybella.persona.avatar.PictureException;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.springframework.core.io.Resource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionOperations;

/** Takes in personas that were made elsewhere, by the rules of this catalogue. */
@Service
public class PersonaIntake {

  /** Ids from here on are given by the sequence (V1__personas.sql). */
  private static final long FIRST_GIVEN = 1_000_000;

  /** Tries of a name before it is given up: one more than a user can have personas, and some. */
  private static final int NAMES = 10_000;

  /** The unique index judges the name, as it does for everybody. */
  private static final String INSERT =
      """
      insert into persona (id, owner_user_id, active, created_at, updated_at, %s)
      values (coalesce(:id, nextval(pg_get_serial_sequence('persona', 'id'))), :owner, :active,
        :created_at, :updated_at, %s)
      on conflict (coalesce(owner_user_id, 0), casefold(normalize(name, nfkc) collate pg_unicode_fast))
        where deleted_at is null and active
        do nothing
      returning id
      """
          .formatted(PersonaTable.eachText("%s", ", "), PersonaTable.eachText(":%s", ", "));

  private final JdbcClient database;
  private final PersonaRepository personas;
  private final Avatars avatars;
  private final TransactionOperations transactions;
  private final Clock clock;

  PersonaIntake(
      JdbcClient database,
      PersonaRepository personas,
      Avatars avatars,
      TransactionOperations transactions,
      Clock clock) {
    this.database = database;
    this.personas = personas;
    this.avatars = avatars;
    this.transactions = transactions;
    this.clock = clock;
  }

  /**
   * Takes personas in and tells of them as of any new one, in the transaction under way; whoever
   * does so at the same time is to be kept waiting. How many personas a user may have is not asked:
   * they were there before.
   *
   * @return what became of each, in their order
   * @throws AccountException.BeingDeleted when one of the accounts is
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public List<TakenIn> takeIn(List<Newcomer> newcomers) {
    Set<PersonaId> free = free(newcomers);
    List<TakenIn> taken = new ArrayList<>();
    for (Newcomer newcomer : newcomers) {
      PersonaId wanted = newcomer.wantedId();
      taken.add(settle(newcomer, wanted != null && free.remove(wanted) ? wanted : null));
    }
    for (Persona persona :
        personas.findAllById(taken.stream().map(each -> each.id().value()).toList())) {
      persona.announce();
      personas.save(persona);
    }
    return taken;
  }

  /**
   * The personas of the system with these names, however they are written.
   *
   * @return names as they were given, to ids
   */
  public Map<String, PersonaId> builtInsNamed(Collection<String> names) {
    Map<String, PersonaId> found = new HashMap<>();
    database
        .sql(
            """
            select given.name, p.id
            from unnest(?::text[]) as given (name)
            join persona p on coalesce(p.owner_user_id, 0) = 0
              and casefold(normalize(p.name, nfkc) collate pg_unicode_fast)
                = casefold(normalize(given.name, nfkc) collate pg_unicode_fast)
            where %s
            """
                .formatted(PersonaTable.OFFERED))
        .param(names.toArray(String[]::new))
        .query((row, _) -> found.put(row.getString(1), new PersonaId(row.getLong(2))))
        .list();
    return found;
  }

  /** Whether a persona was given a picture, or none, or is not there. */
  public enum Portrait {
    /** It has the picture now. */
    GIVEN,
    /** It had one of its own. */
    PRESENT,
    /** There is no such persona any more. */
    NOT_THERE
  }

  /**
   * Gives a persona the picture that it had elsewhere, unless it has one by now.
   *
   * @param along is run in the transaction that gives it
   * @throws PictureException as for an upload of its owner
   */
  public Portrait portray(PersonaId personaId, Resource picture, Runnable along) {
    Optional<Portrait> settled = portraitOf(personaId);
    if (settled.isPresent()) {
      return settled.get();
    }
    UserId owner = ownerOf(personaId);
    String avatar = avatars.store(owner, picture);
    boolean given = false;
    try {
      given = Boolean.TRUE.equals(transactions.execute(_ -> hang(personaId, owner, avatar, along)));
      return given ? Portrait.GIVEN : portraitOf(personaId).orElse(Portrait.NOT_THERE);
    } finally {
      if (!given) {
        avatars.discard(avatar);
      }
    }
  }

  private boolean hang(PersonaId personaId, UserId owner, String avatar, Runnable along) {
    Optional<Persona> living =
        personas.lockVisible(owner, personaId).filter(persona -> persona.avatar() == null);
    living.ifPresent(
        persona -> {
          avatars.take(avatar);
          persona.revise(persona.profile(), avatar, clock.instant().truncatedTo(ChronoUnit.MICROS));
          personas.saveAndFlush(persona);
          along.run();
        });
    return living.isPresent();
  }

  /** Empty for a living persona without a picture. */
  private Optional<Portrait> portraitOf(PersonaId personaId) {
    return database
        .sql("select avatar is not null from persona p where id = ? and " + PersonaTable.LIVING)
        .param(personaId.value())
        .query(Boolean.class)
        .optional()
        .map(has -> has ? Optional.of(Portrait.PRESENT) : Optional.<Portrait>empty())
        .orElseGet(() -> Optional.of(Portrait.NOT_THERE));
  }

  private UserId ownerOf(PersonaId personaId) {
    return new UserId(
        database
            .sql("select coalesce(owner_user_id, ?) from persona where id = ?")
            .params(UserId.NOBODY.value(), personaId.value())
            .query(Long.class)
            .single());
  }

  /** The wanted ids that no persona has or had. */
  private Set<PersonaId> free(List<Newcomer> newcomers) {
    Long[] wanted =
        newcomers.stream()
            .map(Newcomer::wantedId)
            .filter(Objects::nonNull)
            .map(PersonaId::value)
            .filter(id -> id < FIRST_GIVEN)
            .toArray(Long[]::new);
    return new HashSet<>(
        database
            .sql(
                """
                select id from unnest(?::bigint[]) as wanted (id)
                where not exists (select from persona p where p.id = wanted.id)
                """)
            .param(wanted)
            .query((row, _) -> new PersonaId(row.getLong(1)))
            .list());
  }

  private TakenIn settle(Newcomer newcomer, @Nullable PersonaId id) {
    Profile profile = newcomer.texts().profile();
    for (int n = 1; n <= NAMES; n++) {
      Profile tried = n == 1 ? profile : profile.named(numbered(profile.name(), n));
      Optional<PersonaId> given = insert(newcomer, tried, id);
      if (given.isPresent()) {
        return new TakenIn(given.get(), n > 1);
      }
    }
    throw new IllegalStateException("Every name for a persona is taken");
  }

  private static String numbered(String name, int n) {
    String number = " (" + n + ")";
    return ProfileField.cut(name, ProfileField.NAME.longest() - number.length()) + number;
  }

  private Optional<PersonaId> insert(Newcomer newcomer, Profile profile, @Nullable PersonaId id) {
    UserId owner = newcomer.ownerUserId();
    JdbcClient.StatementSpec statement =
        database
            .sql(INSERT)
            .param("id", id == null ? null : id.value(), Types.BIGINT)
            .param("owner", owner == null ? null : owner.value(), Types.BIGINT)
            .param("active", newcomer.active())
            .param("created_at", timestamp(newcomer.createdAt()))
            .param("updated_at", timestamp(newcomer.updatedAt()));
    for (ProfileField field : ProfileField.values()) {
      statement.param(field.wireName(), field.of(profile));
    }
    try {
      return statement.query((row, _) -> new PersonaId(row.getLong(1))).optional();
    } catch (DataIntegrityViolationException violation) {
      throw RefusedAccount.exceptionAmong("personas", violation);
    }
  }

  private static Timestamp timestamp(Instant at) {
    return Timestamp.from(at.truncatedTo(ChronoUnit.MICROS));
  }
}
