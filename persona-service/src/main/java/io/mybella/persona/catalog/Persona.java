package io.mybella.persona.catalog;

import io.mybella.persona.avatar.Avatars;
import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import jakarta.persistence.Column;
import jakarta.persistence.Embedded;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import jakarta.persistence.Transient;
import jakarta.persistence.Version;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.data.domain.AfterDomainEventPublication;
import org.springframework.data.domain.DomainEvents;

/**
 * A persona: the aggregate. It keeps its own rules and says what happened to it when it is saved.
 *
 * <p>Whether it has a custom voice is not a part of it: voice-service says so, at its own pace.
 */
@Entity
@Table(name = "persona")
class Persona {

  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  @Column(name = "id")
  private @Nullable Long id;

  @Column(name = "owner_user_id", updatable = false)
  private @Nullable Long ownerUserId;

  @Embedded private Profile profile;

  /** Only an import brings personas that are not. */
  @Column(name = "active", updatable = false)
  private boolean active = true;

  @Column(name = "avatar")
  private @Nullable String avatar;

  @Column(name = "avatar_version")
  private long avatarVersion;

  @Version
  @Column(name = "version")
  private long version = 1;

  @Column(name = "created_at", updatable = false)
  private Instant createdAt;

  @Column(name = "updated_at")
  private Instant updatedAt;

  @Column(name = "deleted_at")
  private @Nullable Instant deletedAt;

  /** Made when the persona is saved, because only then the version is known. */
  @Transient private final List<Supplier<PersonaFact>> facts = new ArrayList<>();

  /** For Hibernate, which fills the fields. */
  @SuppressWarnings("NullAway.Init")
  Persona() {}

  private Persona(UserId owner, Profile profile, @Nullable String avatar, Instant now) {
    this.ownerUserId = owner.value();
    this.profile = profile;
    this.avatar = avatar;
    this.avatarVersion = avatar == null ? 0 : version;
    this.createdAt = now;
    this.updatedAt = now;
    facts.add(() -> new PersonaFact.Created(state()));
  }

  /** A new persona of a user. */
  static Persona of(UserId owner, Profile profile, @Nullable String avatar, Instant now) {
    return new Persona(owner, profile, avatar, now);
  }

  /** Tells of this persona as if it were new; for those that no request created. */
  void announce() {
    facts.add(() -> new PersonaFact.Created(state()));
  }

  /**
   * Changes the profile and, when one is given, the picture. Nothing happens when all is as before.
   *
   * @return the picture that is no longer needed
   */
  @Nullable String revise(Profile revised, @Nullable String newAvatar, Instant now) {
    if (revised.equals(profile) && newAvatar == null) {
      return null;
    }
    profile = revised;
    updatedAt = now;
    facts.add(() -> new PersonaFact.Updated(state()));
    if (newAvatar == null) {
      return null;
    }
    String replaced = avatar;
    avatar = newAvatar;
    avatarVersion = version + 1;
    return replaced;
  }

  /**
   * Leaves a tombstone without any text.
   *
   * @return the picture that is no longer needed
   */
  @Nullable String remove(UUID erasureId, UserId removedBy, Instant now) {
    String replaced = avatar;
    profile = Profile.ERASED;
    avatar = null;
    updatedAt = now;
    deletedAt = now;
    facts.add(() -> new PersonaFact.Removed(id(), owner(), removedBy, erasureId, version, now));
    return replaced;
  }

  /** The name of its picture; null without one. */
  @Nullable String avatar() {
    return avatar;
  }

  /** The id; only a saved persona has one. */
  PersonaId id() {
    return new PersonaId(Objects.requireNonNull(id, "a persona has an id once it is saved"));
  }

  private @Nullable UserId owner() {
    return UserId.ofNullable(ownerUserId);
  }

  boolean isBuiltIn() {
    return ownerUserId == null;
  }

  Profile profile() {
    return profile;
  }

  long version() {
    return version;
  }

  private PersonaState state() {
    return new PersonaState(
        id(),
        owner(),
        profile,
        active,
        avatar == null ? null : Avatars.url(id(), avatarVersion),
        version,
        updatedAt);
  }

  @DomainEvents
  List<PersonaFact> facts() {
    return facts.stream().map(Supplier::get).toList();
  }

  @AfterDomainEventPublication
  void factsAreTold() {
    facts.clear();
  }
}
