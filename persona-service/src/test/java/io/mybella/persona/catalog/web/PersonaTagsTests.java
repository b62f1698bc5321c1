package io.mybella.persona.catalog.web;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.mybella.chassis.problem.Problem;
import io.mybella.persona.catalog.AvailablePersonas;
import io.mybella.persona.catalog.PersonaView;
import io.mybella.persona.catalog.Profile;
import io.mybella.persona.identity.PersonaId;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PersonaTagsTests {

  private static final Profile PROFILE = new Profile("A", "A", "", "", "", "", null);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "\"3\"|true",
        "\"3-current\"|true",
        "\"3-current-voice\"|true",
        "W/\"3\"|false",
        "W/\"3\", \"3\"|true",
        "\"1\", \"3\"|true",
        "*|true",
        "\"4\"|false",
        "\"33\"|false",
        "\"another kind of tag\"|false"
      })
  void ifMatchComparesTheVersion(String header, boolean matches) {
    assertThat(PersonaTags.ifMatch(header).test(3)).isEqualTo(matches);
  }

  @Test
  void withoutTheHeaderAnyVersionWillDo() {
    assertThat(PersonaTags.ifMatch(null).test(99)).isTrue();
  }

  @Test
  void whatIsNoTagIsRefused() {
    assertThatExceptionOfType(Problem.class).isThrownBy(() -> PersonaTags.ifMatch("3"));
  }

  @Test
  void theTagOfAListTellsEveryChangeOfIt() {
    PersonaView a = view(1, 1, false, true);
    PersonaView b = view(2, 1, false, false);
    Set<String> tags = new HashSet<>();

    tags.add(PersonaTags.of(7, entries(a, b)));
    tags.add(PersonaTags.of(8, entries(a, b)));
    tags.add(PersonaTags.of(7, entries(a)));
    tags.add(PersonaTags.of(7, entries(a, view(2, 2, false, false))));
    tags.add(PersonaTags.of(7, entries(a, view(2, 1, true, false))));
    tags.add(PersonaTags.of(7, entries(view(1, 1, false, false), view(2, 1, false, true))));

    assertThat(tags).hasSize(6);
  }

  private static PersonaView view(long id, long version, boolean voice, boolean current) {
    return new PersonaView(new PersonaId(id), PROFILE, null, null, voice, false, current, version);
  }

  private static List<AvailablePersonas.Entry> entries(PersonaView... personas) {
    return Stream.of(personas)
        .map(
            each ->
                new AvailablePersonas.Entry(
                    each.id().value(),
                    each.version(),
                    each.isCurrent(),
                    each.hasCustomVoice(),
                    false,
                    0,
                    each))
        .toList();
  }
}
