package io.mybella.persona.catalog.web;

import io.mybella.chassis.problem.Problem;
import io.mybella.persona.catalog.ProfileField;
import io.mybella.persona.catalog.ProfileTexts;
import java.util.EnumMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.springframework.util.MultiValueMap;

/**
 * Reads a profile from a body of any kind. Only the fields of a profile are read: whatever else a
 * body claims ({@code user_id}, {@code is_custom}, {@code role}) is never looked at.
 */
final class WrittenTexts {

  private WrittenTexts() {}

  /** From JSON; a field that is null is cleared like one that is empty. */
  static ProfileTexts of(@Nullable ProfileBody body) {
    if (body == null) {
      return ProfileTexts.of(Map.of());
    }
    if (!body.isObject()) {
      throw Problem.badRequest("The body must be a JSON object");
    }
    if (body.notText() != null) {
      String complaint = body.notText().wireName() + " must be a string";
      throw Problem.badRequest(complaint).withError(body.notText().wireName(), complaint);
    }
    return ProfileTexts.of(body.texts());
  }

  /** From a form, urlencoded or multipart; of a field sent twice the first counts. */
  static ProfileTexts of(MultiValueMap<String, String> form) {
    Map<ProfileField, String> written = new EnumMap<>(ProfileField.class);
    for (ProfileField field : ProfileField.values()) {
      String value = form.getFirst(field.wireName());
      if (value != null) {
        written.put(field, value);
      }
    }
    return ProfileTexts.of(written);
  }
}
