package io.mybella.persona.catalog;

import io.mybella.persona.identity.PersonaId;
import io.mybella.persona.identity.UserId;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.data.jpa.repository.JpaRepository;
import org.springframework.data.jpa.repository.Modifying;
import org.springframework.data.jpa.repository.Query;

/** The rows of the personas. */
interface PersonaRepository extends JpaRepository<Persona, Long> {

  /**
   * The living persona if the user may see it, locked until the end of the transaction: changes of
   * one persona happen one after the other, and a switch to it waits for its deletion.
   */
  default Optional<Persona> lockVisible(UserId userId, PersonaId personaId) {
    return lockRow(personaId.value(), userId.value());
  }

  /** {@link #lockVisible} as the database takes it. */
  @Query(
      nativeQuery = true,
      value =
          "select p.* from persona p where p.id = :id and " + PersonaTable.VISIBLE + " for update")
  Optional<Persona> lockRow(long id, long userId);

  /** How many living personas a user has. */
  long countByOwnerUserIdAndDeletedAtIsNull(long ownerUserId);

  /**
   * Waits until nobody else makes a persona for the user, until the end of the transaction: two who
   * count the same personas would both find room for the last one.
   */
  @Query(
      nativeQuery = true,
      value = "select 1 from pg_advisory_xact_lock(hashtextextended('personas ' || :userId, 0))")
  int lockPersonasOf(long userId);

  /**
   * Claims the built-in personas that nobody has announced; a second instance waits, then has none.
   */
  @Query(
      nativeQuery = true,
      value =
          """
          update announcement set announced_at = now() where announced_at is null
          returning persona_id
          """)
  List<Long> claimUnannounced();

  /** What is to be known of a persona that was just removed. */
  interface Tombstone {

    long getId();

    long getVersion();

    /** The picture it had; null without one. */
    @Nullable String getAvatar();
  }

  /** Leaves tombstones without any text of all living personas of a user. */
  @Query(
      nativeQuery = true,
      value =
          """
          update persona
          set name = '', display_name = '', description = '', personality_traits = '',
              communication_style = '', tagline = '', voice_id = null, avatar = null,
              version = version + 1, updated_at = :now, deleted_at = :now
          where owner_user_id = :userId and deleted_at is null
          returning id, new.version as version, old.avatar as avatar
          """)
  List<Tombstone> removeAllOf(long userId, Instant now);

  /** Gives tombstones to nobody, but for those that never belonged to a user. */
  @Modifying
  @Query(
      nativeQuery = true,
      value =
          "update persona p set owner_user_id = :nobody where p.id = any (:ids) and "
              + PersonaTable.DELETED
              + " and not "
              + PersonaTable.BUILT_IN)
  int disown(Long[] ids, long nobody);

  /** Notes what voice-service said of a persona's voice, unless something newer is known. */
  @Modifying
  @Query(
      nativeQuery = true,
      value =
          """
          update persona set has_custom_voice = :has, custom_voice_version = :version
          where id = :id and custom_voice_version < :version and deleted_at is null
          """)
  int noteCustomVoice(long id, boolean has, long version);
}
