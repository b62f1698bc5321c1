package io.mybella.persona.catalog;

import jakarta.persistence.Column;
import jakarta.persistence.Embeddable;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How a persona is called and how it is: the texts of which nothing is left after its deletion.
 *
 * @param voiceId id of the preset voice; null when none was chosen
 */
@Embeddable
public record Profile(
    @Column(name = "name") String name,
    @Column(name = "display_name") String displayName,
    @Column(name = "description") String description,
    @Column(name = "personality_traits") String personalityTraits,
    @Column(name = "communication_style") String communicationStyle,
    @Column(name = "tagline") String tagline,
    @Column(name = "voice_id") @Nullable String voiceId) {

  /** The profile of a tombstone. */
  static final Profile ERASED = new Profile("", "", "", "", "", "", null);

  /** A profile as it stands in the columns of a row, in the order of {@link ProfileField}. */
  static Profile of(ResultSet row, int firstColumn) throws SQLException {
    return new Profile(
        row.getString(firstColumn),
        row.getString(firstColumn + 1),
        row.getString(firstColumn + 2),
        row.getString(firstColumn + 3),
        row.getString(firstColumn + 4),
        row.getString(firstColumn + 5),
        row.getString(firstColumn + 6));
  }

  /** This profile under another name. */
  Profile named(String newName) {
    return new Profile(
        newName, displayName, description, personalityTraits, communicationStyle, tagline, voiceId);
  }

  /** This profile with what was written put in its place. */
  Profile with(ProfileTexts texts) {
    String newName = texts.or(ProfileField.NAME, name);
    String newDisplayName = texts.or(ProfileField.DISPLAY_NAME, displayName);
    return new Profile(
        newName,
        newDisplayName.isEmpty() ? newName : newDisplayName,
        texts.or(ProfileField.DESCRIPTION, description),
        texts.or(ProfileField.PERSONALITY_TRAITS, personalityTraits),
        texts.or(ProfileField.COMMUNICATION_STYLE, communicationStyle),
        texts.or(ProfileField.TAGLINE, tagline),
        texts.orNullable(ProfileField.VOICE_ID, voiceId));
  }
}
