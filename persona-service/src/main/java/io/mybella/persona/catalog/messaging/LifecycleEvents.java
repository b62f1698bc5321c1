package io.mybella.persona.catalog.messaging;

import io.mybella.chassis.outbox.Outbox;
import io.mybella.contracts.event.EventTypes;
import io.mybella.contracts.event.PersonaDeleted;
import io.mybella.contracts.event.PersonaSnapshot;
import io.mybella.contracts.event.Topics;
import io.mybella.persona.catalog.PersonaFact;
import io.mybella.persona.catalog.PersonaState;
import io.mybella.persona.catalog.PersonasRemoved;
import io.mybella.persona.catalog.Profile;
import io.mybella.persona.identity.UserId;
import org.jspecify.annotations.Nullable;
import org.springframework.context.event.EventListener;
import org.springframework.stereotype.Component;

/** Puts what happened to a persona into the outbox, in the transaction in which it happened. */
@Component
class LifecycleEvents {

  private final Outbox outbox;

  LifecycleEvents(Outbox outbox) {
    this.outbox = outbox;
  }

  @EventListener
  void publish(PersonaFact fact) {
    String key = fact.personaId().toString();
    switch (fact) {
      case PersonaFact.Created created ->
          publish(key, EventTypes.PERSONA_CREATED, snapshot(created.state()));
      case PersonaFact.Updated updated ->
          publish(key, EventTypes.PERSONA_UPDATED, snapshot(updated.state()));
      case PersonaFact.Removed removed ->
          publish(key, EventTypes.PERSONA_DELETED, deleted(removed));
      case PersonaFact.RemovalPending pending ->
          publish(
              key,
              EventTypes.PERSONA_DELETED,
              new PersonaDeleted(
                  pending.personaId().value(),
                  value(pending.ownerUserId()),
                  pending.erasureId(),
                  pending.version(),
                  pending.removedAt()));
    }
  }

  @EventListener
  void publish(PersonasRemoved removed) {
    outbox.publishAll(
        Topics.PERSONA_LIFECYCLE,
        EventTypes.PERSONA_DELETED,
        removed.personas().stream()
            .map(
                each -> {
                  String key = each.personaId().toString();
                  return new Outbox.Entry(key, key, deleted(each));
                })
            .toList());
  }

  private void publish(String key, String type, Object data) {
    outbox.publish(Topics.PERSONA_LIFECYCLE, key, type, key, data);
  }

  private static PersonaDeleted deleted(PersonaFact.Removed removed) {
    return new PersonaDeleted(
        removed.personaId().value(),
        value(removed.ownerUserId()),
        removed.erasureId(),
        removed.version(),
        removed.removedAt());
  }

  private static @Nullable Long value(@Nullable UserId userId) {
    return userId == null ? null : userId.value();
  }

  private static PersonaSnapshot snapshot(PersonaState state) {
    Profile profile = state.profile();
    return new PersonaSnapshot(
        state.id().value(),
        value(state.ownerUserId()),
        profile.name(),
        profile.displayName(),
        profile.description(),
        profile.personalityTraits(),
        profile.communicationStyle(),
        profile.tagline(),
        profile.voiceId(),
        state.ownerUserId() != null,
        state.active(),
        state.avatarUrl(),
        state.version(),
        state.changedAt());
  }
}
