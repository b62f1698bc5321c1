package io.mybella.persona.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import jakarta.persistence.Column;
import java.lang.reflect.RecordComponent;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class ProfileTextsTests {

  @Test
  void theFieldsAreThoseOfTheProfileInItsOrder() throws NoSuchFieldException {
    Profile profile = new Profile("1", "2", "3", "4", "5", "6", "7");
    List<String> columns = new ArrayList<>();
    for (RecordComponent each : Profile.class.getRecordComponents()) {
      columns.add(
          Profile.class.getDeclaredField(each.getName()).getAnnotation(Column.class).name());
    }

    assertThat(Stream.of(ProfileField.values()).map(ProfileField::wireName))
        .containsExactlyElementsOf(columns);
    assertThat(Stream.of(ProfileField.values()).map(field -> field.of(profile)))
        .containsExactly("1", "2", "3", "4", "5", "6", "7");
  }

  @Test
  void textsAreTrimmedAndTheDisplayNameDefaultsToTheName() {
    Profile profile = ProfileTexts.of(Map.of(ProfileField.NAME, "  Coach Sam \n")).profile();

    assertThat(profile.name()).isEqualTo("Coach Sam");
    assertThat(profile.displayName()).isEqualTo("Coach Sam");
    assertThat(profile.description()).isEmpty();
    assertThat(profile.voiceId()).isNull();
  }

  @Test
  void whatIsAbsentStaysAndWhatIsEmptyIsCleared() {
    Profile before = new Profile("Sam", "Coach Sam", "Runs.", "Fit", "direct", "Go!", "voice1");

    Profile after =
        before.with(ProfileTexts.of(Map.of(ProfileField.TAGLINE, "", ProfileField.VOICE_ID, " ")));

    assertThat(after)
        .isEqualTo(new Profile("Sam", "Coach Sam", "Runs.", "Fit", "direct", "", null));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "   ", "\u200B\u200D", "\u00A0", "\uFEFF"})
  void aNameNobodyCanSeeIsNoName(String name) {
    assertThatExceptionOfType(PersonaException.InvalidProfile.class)
        .isThrownBy(() -> ProfileTexts.of(Map.of(ProfileField.NAME, name)))
        .withMessage("Persona name is required");
  }

  @ParameterizedTest
  @EnumSource(value = ProfileField.class, names = "VOICE_ID", mode = EnumSource.Mode.EXCLUDE)
  void lengthsAreCountedInCharactersAsPeopleWriteThem(ProfileField field) {
    String longest = "😀".repeat(field.longest());

    assertThat(ProfileTexts.of(Map.of(field, " " + longest + " ")).or(field, ""))
        .isEqualTo(longest);
    assertThatExceptionOfType(PersonaException.InvalidProfile.class)
        .isThrownBy(() -> ProfileTexts.of(Map.of(field, longest + "x")))
        .satisfies(refusal -> assertThat(refusal.complaints().keySet()).containsExactly(field));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a\0b", "\uD800", "\uDC00x", "x\uDBFF"})
  void whatIsNoTextIsRefused(String text) {
    assertThatExceptionOfType(PersonaException.InvalidProfile.class)
        .isThrownBy(() -> ProfileTexts.of(Map.of(ProfileField.DESCRIPTION, text)));
  }

  @Test
  void everyRejectedFieldIsNamed() {
    Map<ProfileField, String> written =
        Map.of(
            ProfileField.NAME, "x".repeat(51),
            ProfileField.TAGLINE, "x".repeat(151),
            ProfileField.VOICE_ID, "../etc/passwd");

    assertThatExceptionOfType(PersonaException.InvalidProfile.class)
        .isThrownBy(() -> ProfileTexts.of(written))
        .satisfies(
            refusal ->
                assertThat(refusal.complaints().keySet())
                    .containsExactlyInAnyOrderElementsOf(written.keySet()));
  }

  @Test
  void whatWasWrittenElsewhereIsMadeToFit() {
    var fitted =
        ProfileTexts.fitting(
            Map.of(
                ProfileField.NAME, " half \ud83d of a pair ",
                ProfileField.DISPLAY_NAME, "\ud83d\ude00".repeat(101),
                ProfileField.TAGLINE, " as it was ",
                ProfileField.VOICE_ID, "two words"));

    assertThat(fitted.name()).isEqualTo("half  of a pair");
    assertThat(fitted.texts().profile().displayName()).isEqualTo("\ud83d\ude00".repeat(100));
    assertThat(fitted.texts().profile().tagline()).isEqualTo("as it was");
    assertThat(fitted.texts().profile().voiceId()).isNull();
    assertThat(fitted.changed())
        .containsExactlyInAnyOrder(
            ProfileField.NAME, ProfileField.DISPLAY_NAME, ProfileField.VOICE_ID);
    assertThat(ProfileTexts.fitting(Map.of()).name()).isEqualTo("Persona");
  }
}
