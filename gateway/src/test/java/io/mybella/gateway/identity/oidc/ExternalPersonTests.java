package io.mybella.gateway.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.chassis.security.Caller.Role;
import io.mybella.gateway.identity.oidc.SignInRefusedException.Reason;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class ExternalPersonTests {

  static Stream<Arguments> claims() {
    return Stream.of(
        Arguments.of("groups", Map.of("groups", List.of("a", "admins")), Role.ADMIN),
        Arguments.of("groups", Map.of("groups", "admins"), Role.ADMIN),
        Arguments.of("groups", Map.of("groups", List.of("admins-of-another")), Role.USER),
        Arguments.of("groups", Map.of("groups", "a admins"), Role.USER),
        Arguments.of("groups", Map.of("groups", List.of()), Role.USER),
        Arguments.of("groups", Map.of(), Role.USER),
        Arguments.of(
            "realm_access.roles", Map.of("realm_access", Map.of("roles", "admins")), Role.ADMIN),
        Arguments.of("realm_access.roles", Map.of("realm_access", "admins"), Role.USER),
        Arguments.of(
            "https://example.org/role", Map.of("https://example.org/role", "admins"), Role.ADMIN),
        Arguments.of("realm_access.roles", Map.of("realm_access.roles", "admins"), Role.ADMIN));
  }

  @ParameterizedTest
  @MethodSource("claims")
  void theClaimTellsAdministrators(String claim, Map<String, Object> claims, Role role) {
    assertThat(person(claims).role(claim, "admins")).isEqualTo(role);
  }

  @Test
  void aClaimMayBeNoText() {
    assertThat(person(Map.of("admin", true)).role("admin", "true")).isEqualTo(Role.ADMIN);
    assertThat(person(Map.of("level", 7)).role("level", "7")).isEqualTo(Role.ADMIN);
    Map<String, Object> nothing = new HashMap<>();
    nothing.put("admin", null);
    assertThat(person(nothing).role("admin", "null")).isEqualTo(Role.USER);
  }

  @Test
  void theFirstNameThatIsToldIsTaken() {
    assertThat(person(Map.of("name", " Ada ", "given_name", "A")).name()).isEqualTo("Ada");
    assertThat(person(Map.of("name", " ", "preferred_username", "ada")).name()).isEqualTo("ada");
    assertThat(person(Map.of("given_name", "A\u0007da")).name()).isEqualTo("A da");
    assertThat(person(Map.of("name", "\ud800")).name()).as("nothing is left").isEqualTo("ada");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "ada", "@example.org", "ada@", "a da@example.org", "a\u2003@b.c"})
  void whatIsNoAddressOpensNothing(String email) {
    assertThatThrownBy(() -> person(Map.of("email", email)).email())
        .hasMessage(Reason.EMAIL_MISSING.code());
  }

  @Test
  void anAddressThatTheProviderDoesNotVouchForOpensNothing() {
    for (Object no : List.of(false, "false", "FALSE")) {
      assertThatThrownBy(() -> person(Map.of("email_verified", no)).email())
          .hasMessage(Reason.EMAIL_UNVERIFIED.code());
    }
    assertThat(person(Map.of("email_verified", "true")).email()).isEqualTo("ada@example.org");
    assertThat(person(Map.of()).email()).isEqualTo("ada@example.org");
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "a\u0000", "ä"})
  void whatIsNoSubjectIsNobody(String subject) {
    assertThatThrownBy(() -> new ExternalPerson("https://id.example.org", subject, Map.of()))
        .hasMessage(Reason.UNTRUSTED.code());
  }

  @Test
  void nothingOfThePersonIsPrinted() {
    assertThat(person(Map.of()).toString()).doesNotContain("ada", "42");
  }

  private static ExternalPerson person(Map<String, Object> claims) {
    Map<String, Object> all = new HashMap<>(Map.of("email", "ada@example.org"));
    all.putAll(claims);
    return new ExternalPerson("https://id.example.org", "42", all);
  }
}
