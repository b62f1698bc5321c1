package io.mybella.operator.importing;

import io.mybella.operator.importing.delivery.Row;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.PropertyNamingStrategies;
import tools.jackson.databind.json.JsonMapper;

/** What the services are told of a row, in their words. */
sealed interface Told {

  /** Names the row for good: table and id. */
  String key();

  /** The row on its way. */
  default Row toRow() {
    return new Row(key(), Json.MAPPER.writeValueAsBytes(this));
  }

  /** An account. */
  record Account(
      String key,
      @Nullable Long oldId,
      String name,
      String email,
      @Nullable String passwordHash,
      String role,
      boolean active,
      @Nullable Instant createdAt,
      String fallbackEmail)
      implements Told {}

  /** A persona; without an owner it is one of the system. */
  record Persona(
      String key,
      @Nullable Long oldId,
      @Nullable Long ownerUserId,
      String name,
      @Nullable String displayName,
      @Nullable String description,
      @Nullable String personalityTraits,
      @Nullable String communicationStyle,
      @Nullable String tagline,
      @Nullable String voiceId,
      boolean active,
      @Nullable Instant createdAt,
      @Nullable Instant updatedAt)
      implements Told {}

  /** Who a user talks to. */
  record Current(String key, long userId, long personaId, Instant switchedAt) implements Told {}

  /** A message, or a part of a long one. */
  record Message(
      String key,
      String role,
      String content,
      Instant createdAt,
      @Nullable String model,
      @Nullable Integer tokens,
      @Nullable Map<String, Object> metadata)
      implements Told {}

  /** What was understood of a conversation. */
  record Conversation(
      String key,
      @Nullable Instant startedAt,
      @Nullable Instant lastUpdated,
      @Nullable String summary,
      List<String> keyTopics,
      @Nullable String userMood,
      List<String> importantFacts)
      implements Told {}

  /** What is known of a user. */
  record Preference(
      String key,
      @Nullable String category,
      String name,
      String value,
      @Nullable Double confidence,
      @Nullable Instant firstObserved,
      @Nullable Instant lastConfirmed,
      @Nullable Integer timesObserved)
      implements Told {}

  /** How rows are written. */
  final class Json {
    private static final JsonMapper MAPPER =
        JsonMapper.builder().propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE).build();

    private Json() {}
  }
}
