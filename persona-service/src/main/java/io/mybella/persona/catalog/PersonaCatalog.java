package io.mybella.persona.catalog;

import io.mybella.chassis.id.IdGenerator;
import io.mybella.chassis.security.Caller;
import io.mybella.persona.account.AccountException;
import io.mybella.persona.account.RefusedAccount;
import io.mybella.persona.avatar.Avatars;
import io.mybella.persona.avatar.PictureException;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.function.LongPredicate;
import java.util.function.Supplier;
import org.hibernate.exception.ConstraintViolationException;
import org.jspecify.annotations.Nullable;
import org.springframework.context.ApplicationEventPublisher;
import org.springframework.core.io.Resource;
import org.springframework.dao.DataIntegrityViolationException;
import org.springframework.stereotype.Service;
import org.springframework.transaction.annotation.Propagation;
import org.springframework.transaction.annotation.Transactional;
import org.springframework.transaction.support.TransactionOperations;

/**
 * The use cases of the catalogue: make, change and delete personas.
 *
 * <p>Pictures are drawn before the transaction begins, so that none holds a database connection
 * meanwhile.
 */
@Service
public class PersonaCatalog {

  /** The unique index of V1__personas.sql. */
  private static final String NAME_PER_OWNER = "persona_name_per_owner";

  private final PersonaRepository personas;
  private final PersonaDirectory directory;
  private final CatalogProperties settings;
  private final Avatars avatars;
  private final IdGenerator ids;
  private final Clock clock;
  private final TransactionOperations transactions;
  private final ApplicationEventPublisher events;

  PersonaCatalog(
      PersonaRepository personas,
      PersonaDirectory directory,
      CatalogProperties settings,
      Avatars avatars,
      IdGenerator ids,
      Clock clock,
      TransactionOperations transactions,
      ApplicationEventPublisher events) {
    this.personas = personas;
    this.directory = directory;
    this.settings = settings;
    this.avatars = avatars;
    this.ids = ids;
    this.clock = clock;
    this.transactions = transactions;
    this.events = events;
  }

  /**
   * Makes a persona of the caller's own.
   *
   * @param picture an encoded picture; null for none
   * @throws PersonaException.InvalidProfile without a name or with one the caller already has
   * @throws PersonaException.Conflict when the caller has as many personas as there may be
   * @throws PictureException when the picture is not taken
   * @throws AccountException.Gone when the caller's account is
   */
  public PersonaView create(Caller caller, ProfileTexts texts, @Nullable Resource picture) {
    Profile profile = texts.profile();
    UserId owner = UserId.of(caller);
    // Nobody has a picture drawn for a persona that there is no room for.
    requireRoom(owner);
    String avatar = picture == null ? null : avatars.store(owner, picture);
    return savingNames(
        avatar,
        () -> {
          personas.lockPersonasOf(owner.value());
          requireRoom(owner);
          if (avatar != null) {
            avatars.take(avatar);
          }
          Persona persona = personas.saveAndFlush(Persona.of(owner, profile, avatar, now()));
          return view(owner, persona.id());
        });
  }

  /**
   * Changes what was written; the rest stays.
   *
   * @param picture an encoded picture that replaces the present one; null keeps it
   * @param expected says whether the version found is one the caller wants to change
   * @throws PersonaException.NotFound when the persona is not there or not the caller's
   * @throws PersonaException.NotOwned for a built-in one, which only an admin may edit
   * @throws PersonaException.Changed when the version is not the expected one
   * @throws PersonaException.InvalidProfile as with {@link #create}
   * @throws PictureException as with {@link #create}
   */
  public PersonaView update(
      Caller caller,
      PersonaId personaId,
      ProfileTexts texts,
      @Nullable Resource picture,
      LongPredicate expected) {
    if (picture != null) {
      // Nobody has a picture drawn for a persona that is not theirs.
      transactions.executeWithoutResult(status -> editable(caller, personaId, expected));
    }
    UserId userId = UserId.of(caller);
    String avatar = picture == null ? null : avatars.store(userId, picture);
    return savingNames(
        avatar,
        () -> {
          Persona persona = editable(caller, personaId, expected);
          if (avatar != null) {
            avatars.take(avatar);
          }
          String replaced = persona.revise(persona.profile().with(texts), avatar, now());
          if (replaced != null) {
            avatars.release(userId, List.of(replaced));
          }
          personas.saveAndFlush(persona);
          return view(userId, personaId);
        });
  }

  /**
   * Deletes a persona: it is gone at once, and the other services are told to erase what they hold.
   *
   * @return names the erasure
   * @throws PersonaException.NotFound when the persona is not there or not the caller's
   * @throws PersonaException.NotOwned for a built-in one, which only an admin may delete
   * @throws PersonaException.Conflict for the default one, which everybody may fall back to
   * @throws AccountException.Gone when the caller's account is
   */
  public UUID remove(Caller caller, PersonaId personaId) {
    try {
      return Objects.requireNonNull(transactions.execute(_ -> removed(caller, personaId)));
    } catch (DataIntegrityViolationException violation) {
      throw RefusedAccount.exception(violation);
    }
  }

  private UUID removed(Caller caller, PersonaId personaId) {
    Persona persona = visible(caller, personaId);
    if (persona.isBuiltIn() && !caller.isAdmin()) {
      throw new PersonaException.NotOwned("You can only delete your own personas");
    }
    if (personaId.equals(PersonaDirectory.DEFAULT_PERSONA_ID)) {
      throw new PersonaException.Conflict("The default persona cannot be deleted");
    }
    UserId userId = UserId.of(caller);
    UUID erasureId = ids.next();
    String replaced = persona.remove(erasureId, userId, now());
    if (replaced != null) {
      avatars.release(userId, List.of(replaced));
    }
    personas.saveAndFlush(persona);
    return erasureId;
  }

  /**
   * Deletes all personas of a user whose account is gone, as part of the transaction under way: one
   * statement for each kind of thing, however many personas there are. Their pictures are released,
   * and go {@linkplain Avatars#removeLooseOf afterwards}.
   *
   * @return what went, kind to number
   */
  @Transactional(propagation = Propagation.MANDATORY)
  public Map<String, Long> removeAllOf(UserId userId) {
    Instant now = now();
    List<PersonaRepository.Tombstone> tombstones = personas.removeAllOf(userId.value(), now);
    events.publishEvent(
        new PersonasRemoved(
            tombstones.stream()
                .map(
                    each ->
                        new PersonaFact.Removed(
                            new PersonaId(each.getId()),
                            userId,
                            UserId.NOBODY,
                            ids.next(),
                            each.getVersion(),
                            now))
                .toList()));
    long pictures =
        avatars.release(
            userId,
            tombstones.stream()
                .map(PersonaRepository.Tombstone::getAvatar)
                .filter(Objects::nonNull)
                .toList());
    return Map.of("persona", (long) tombstones.size(), "avatar", pictures);
  }

  /** Forgets to whom deleted personas belonged, as part of the transaction under way. */
  @Transactional(propagation = Propagation.MANDATORY)
  public void disown(List<PersonaId> removed) {
    personas.disown(
        removed.stream().map(PersonaId::value).toArray(Long[]::new), UserId.NOBODY.value());
  }

  /** Tells the other services of the built-in personas that they were not told of. */
  @Transactional
  public void announceBuiltIn() {
    for (Persona persona : personas.findAllById(personas.claimUnannounced())) {
      persona.announce();
      personas.save(persona);
    }
  }

  /**
   * Notes whether a persona has a custom voice.
   *
   * @param version voice-service's count of changes of this persona's voice; an older one than
   *     known changes nothing
   */
  @Transactional
  public void noteCustomVoice(PersonaId personaId, boolean hasCustomVoice, long version) {
    personas.noteCustomVoice(personaId.value(), hasCustomVoice, version);
  }

  /** As exact as PostgreSQL keeps it, so that an event told again says the same. */
  private Instant now() {
    return clock.instant().truncatedTo(ChronoUnit.MICROS);
  }

  private void requireRoom(UserId owner) {
    if (personas.countByOwnerUserIdAndDeletedAtIsNull(owner.value()) >= settings.maxPersonas()) {
      throw new PersonaException.Conflict(
          "You can have at most %,d personas; delete one to make another"
              .formatted(settings.maxPersonas()));
    }
  }

  private Persona editable(Caller caller, PersonaId personaId, LongPredicate expected) {
    Persona persona = visible(caller, personaId);
    if (persona.isBuiltIn() && !caller.isAdmin()) {
      throw new PersonaException.NotOwned("You can only edit your own personas");
    }
    if (!expected.test(persona.version())) {
      throw new PersonaException.Changed();
    }
    return persona;
  }

  private Persona visible(Caller caller, PersonaId personaId) {
    return personas
        .lockVisible(UserId.of(caller), personaId)
        .orElseThrow(PersonaException.NotFound::new);
  }

  private PersonaView view(UserId userId, PersonaId personaId) {
    return directory.find(userId, personaId).orElseThrow();
  }

  /**
   * Runs a transaction in which the unique index may find that a name is taken.
   *
   * @param avatar a stored picture that the persona is to take; discarded when it does not
   */
  private PersonaView savingNames(@Nullable String avatar, Supplier<PersonaView> work) {
    boolean saved = false;
    try {
      PersonaView view = transactions.execute(status -> work.get());
      saved = true;
      return view;
    } catch (DataIntegrityViolationException violation) {
      if (violation.getCause() instanceof ConstraintViolationException constraint
          && NAME_PER_OWNER.equals(constraint.getConstraintName())) {
        throw new PersonaException.InvalidProfile(
            Map.of(ProfileField.NAME, "You already have a persona with this name"));
      }
      throw RefusedAccount.exception(violation);
    } finally {
      if (!saved && avatar != null) {
        avatars.discard(avatar);
      }
    }
  }
}
