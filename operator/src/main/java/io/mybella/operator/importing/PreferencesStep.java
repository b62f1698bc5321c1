package io.mybella.operator.importing;

import io.mybella.contracts.TextLimits;
import io.mybella.operator.importing.Workbench.Pair;
import io.mybella.operator.importing.delivery.Endpoint;
import io.mybella.operator.importing.delivery.PlatformUnavailable;
import io.mybella.operator.importing.delivery.Recipient;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Brings what the old app knew of users. */
final class PreferencesStep {

  private static final String TABLE = "user_preferences";
  private static final String CATEGORY = "general";

  private final PairRows rows;
  private final Tally tally;
  private final Instant now;

  PreferencesStep(
      Workbench bench, Recipient recipient, Report report, Progress progress, Instant now) {
    this.tally = report.of(TABLE);
    this.rows =
        new PairRows(
            bench, recipient, tally, progress, TABLE, Workbench.PREFERENCE, Endpoint.PREFERENCES);
    this.now = now;
  }

  void run() throws SQLException, PlatformUnavailable, InterruptedException {
    rows.run(
        "preferences",
        this::preference,
        "category",
        "key",
        "value",
        "confidence",
        "first_observed",
        "last_confirmed",
        "times_observed");
  }

  private Told.@Nullable Preference preference(String key, Pair pair, ResultSet row)
      throws SQLException {
    Values values = new Values(row);
    String category = values.text("category");
    String name = values.text("key");
    String value = values.text("value");
    if (name == null || value == null) {
      tally.unplaced(key, name == null ? "it has no key" : "it has no value");
      return null;
    }
    return new Told.Preference(
        key,
        cut(key, category == null ? CATEGORY : category, TextLimits.PREFERENCE_CATEGORY),
        cut(key, name, TextLimits.PREFERENCE_KEY),
        cut(key, value, TextLimits.PREFERENCE_VALUE),
        values.share("confidence"),
        values.time("first_observed", now),
        values.time("last_confirmed", now),
        values.count("times_observed"));
  }

  private String cut(String key, String text, int most) {
    if (text.codePointCount(0, text.length()) <= most) {
      return text;
    }
    tally.note(key, "a text of it is longer than that of a preference may be, and was cut");
    return text.substring(0, text.offsetByCodePoints(0, most));
  }
}
