package io.mybella.operator.importing;

import io.mybella.operator.legacy.LegacyFile;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Says of the file what the platform has no place for. */
final class OldTables {

  private static final Map<String, Set<String>> COLUMNS =
      Map.of(
          "users",
          Set.of("id", "name", "email", "password_hash", "role", "created_at", "active"),
          "persona_profiles",
          Set.of(
              "id",
              "name",
              "display_name",
              "description",
              "profile_picture",
              "personality_traits",
              "is_active",
              "created_by",
              "created_at",
              "updated_at",
              "communication_style",
              "tagline",
              "voice_id",
              "custom_voice_url",
              "is_custom",
              "user_id"),
          "chat_messages",
          Set.of(
              "id",
              "user_id",
              "memory_id",
              "role",
              "content",
              "persona",
              "timestamp",
              "tokens",
              "model",
              "has_crisis_keywords",
              "sentiment",
              "persona_id"),
          "messages",
          Set.of("id", "user_id", "chat_id", "role", "content", "persona", "timestamp"),
          "conversation_memories",
          Set.of(
              "id",
              "user_id",
              "persona",
              "started_at",
              "last_updated",
              "summary",
              "key_topics",
              "user_mood",
              "important_facts",
              "persona_id"),
          "user_preferences",
          Set.of(
              "id",
              "user_id",
              "category",
              "key",
              "value",
              "confidence",
              "first_observed",
              "last_confirmed",
              "times_observed",
              "persona_id"),
          "user_settings",
          Set.of("id", "user_id", "current_persona", "current_persona_id", "updated_at"));

  /** The tables that have a place here, in the order in which they come. */
  static final List<String> PLACED =
      List.of(
          "users",
          "persona_profiles",
          "chat_messages",
          "messages",
          "conversation_memories",
          "user_preferences",
          "user_settings");

  private final Workbench bench;
  private final LegacyFile legacy;
  private final Report report;

  OldTables(Workbench bench, Report report) {
    this.bench = bench;
    this.legacy = bench.legacy();
    this.report = report;
  }

  void remark() throws SQLException {
    for (String table : legacy.tables()) {
      if (PLACED.contains(table)) {
        columns(table);
      } else {
        report.isNotForHere(table, bench.rowsOf(table));
      }
    }
  }

  /** Counts values: NULL, nothing, no and none are no loss. */
  private void columns(String table) throws SQLException {
    List<String> others = new ArrayList<>(new TreeSet<>(legacy.columns(table)));
    others.removeAll(COLUMNS.getOrDefault(table, Set.of()));
    if (others.isEmpty()) {
      return;
    }
    List<String> counts =
        others.stream()
            .map(
                column ->
                    "count(CASE WHEN t.\"%1$s\" NOT IN ('', 0) THEN 1 END)"
                        .formatted(column.replace("\"", "\"\"")))
            .toList();
    try (Statement statement = bench.connection().createStatement();
        ResultSet row =
            statement.executeQuery(
                "SELECT %s FROM main.\"%s\" t".formatted(String.join(", ", counts), table))) {
      row.next();
      for (int i = 0; i < others.size(); i++) {
        if (row.getLong(i + 1) > 0) {
          report.hasNoPlace(table + "." + others.get(i), row.getLong(i + 1));
        }
      }
    }
  }
}
