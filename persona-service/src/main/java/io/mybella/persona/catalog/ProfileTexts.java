package io.mybella.persona.catalog;

import io.mybella.chassis.text.StorableText;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What an owner wrote for a profile: any of its fields, trimmed and within its limits. A field that
 * was not written stays as it is; one written empty is cleared.
 */
public final class ProfileTexts {

  /** What is said when a persona would have no name. */
  static final String NAME_REQUIRED = "Persona name is required";

  /** How a persona is called that came without a name. */
  private static final String NAMELESS = "Persona";

  /** ElevenLabs ids are 20 letters and digits; other engines use words with dashes. */
  private static final Pattern VOICE_ID = Pattern.compile("[A-Za-z0-9_-]*");

  private final Map<ProfileField, String> texts;

  private ProfileTexts(Map<ProfileField, String> texts) {
    this.texts = texts;
  }

  /**
   * Judges what was written.
   *
   * @param written the fields as they came; an absent key means an absent field
   * @throws PersonaException.InvalidProfile when a field is too long or has characters that are no
   *     text
   */
  public static ProfileTexts of(Map<ProfileField, String> written) {
    Map<ProfileField, String> texts = new EnumMap<>(ProfileField.class);
    Map<ProfileField, String> complaints = new EnumMap<>(ProfileField.class);
    for (Map.Entry<ProfileField, String> entry : written.entrySet()) {
      ProfileField field = entry.getKey();
      String text = entry.getValue().strip();
      String complaint = complaint(field, text);
      if (complaint != null) {
        complaints.put(field, complaint);
      }
      texts.put(field, text);
    }
    if (!complaints.isEmpty()) {
      throw new PersonaException.InvalidProfile(complaints);
    }
    if (texts.containsKey(ProfileField.NAME) && isInvisible(texts.get(ProfileField.NAME))) {
      throw nameRequired();
    }
    return new ProfileTexts(texts);
  }

  /**
   * Makes texts fit that were written elsewhere, where other limits held: what is too long is cut,
   * what is no text or no voice is left out, and who has no name is called a persona.
   *
   * @param written the fields as they came; an absent key means an absent field
   */
  public static Fitted fitting(Map<ProfileField, String> written) {
    Map<ProfileField, String> texts = new EnumMap<>(ProfileField.class);
    List<ProfileField> changed = new ArrayList<>();
    for (Map.Entry<ProfileField, String> entry : written.entrySet()) {
      String given = entry.getValue().strip();
      String text = fitted(entry.getKey(), given);
      if (!text.equals(given)) {
        changed.add(entry.getKey());
      }
      texts.put(entry.getKey(), text);
    }
    if (isInvisible(texts.get(ProfileField.NAME))) {
      texts.put(ProfileField.NAME, NAMELESS);
      changed.remove(ProfileField.NAME);
      changed.addFirst(ProfileField.NAME);
    }
    return new Fitted(new ProfileTexts(texts), changed);
  }

  /**
   * Texts that fit.
   *
   * @param changed the fields that are not as they were
   */
  public record Fitted(ProfileTexts texts, List<ProfileField> changed) {

    /** Copies the list. */
    public Fitted {
      changed = List.copyOf(changed);
    }

    /** The name, which a persona always has. */
    public String name() {
      return texts.profile().name();
    }
  }

  private static String fitted(ProfileField field, String given) {
    String text = complaint(field, given) == null ? given : StorableText.without(given);
    if (field == ProfileField.VOICE_ID) {
      return complaint(field, text) == null ? text : "";
    }
    return ProfileField.cut(text, field.longest());
  }

  /** The profile of a new persona. */
  Profile profile() {
    String name = texts.get(ProfileField.NAME);
    if (name == null) {
      throw nameRequired();
    }
    return new Profile(name, name, "", "", "", "", null).with(this);
  }

  /** The text written for a field, or the present one when none was written. */
  String or(ProfileField field, String present) {
    return texts.getOrDefault(field, present);
  }

  /** Like {@link #or}, for a field that is null rather than empty. */
  @Nullable String orNullable(ProfileField field, @Nullable String present) {
    String text = texts.get(field);
    if (text == null) {
      return present;
    }
    return text.isEmpty() ? null : text;
  }

  private static PersonaException nameRequired() {
    return new PersonaException.InvalidProfile(Map.of(ProfileField.NAME, NAME_REQUIRED));
  }

  private static @Nullable String complaint(ProfileField field, String text) {
    int length = text.codePointCount(0, text.length());
    if (length > field.longest()) {
      return "%s must have at most %,d characters".formatted(field.wireName(), field.longest());
    }
    // PostgreSQL stores neither, and no reader could show them.
    if (!StorableText.isStorable(text)) {
      return field.wireName() + " has characters that are not text";
    }
    if (field == ProfileField.VOICE_ID && !VOICE_ID.matcher(text).matches()) {
      return "voice_id is not the id of a voice";
    }
    return null;
  }

  /** Whether nothing of the name can be seen, as with an empty one or one of zero-width spaces. */
  private static boolean isInvisible(@Nullable String name) {
    return name == null
        || name.codePoints()
            .allMatch(
                c ->
                    Character.isWhitespace(c)
                        || Character.isSpaceChar(c)
                        || Character.isISOControl(c)
                        || Character.getType(c) == Character.FORMAT);
  }
}
