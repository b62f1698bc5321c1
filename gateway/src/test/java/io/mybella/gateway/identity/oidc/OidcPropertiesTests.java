package io.mybella.gateway.identity.oidc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.mybella.gateway.identity.account.LocalAccountProperties;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.springframework.boot.context.properties.EnableConfigurationProperties;
import org.springframework.boot.test.context.ConfigDataApplicationContextInitializer;
import org.springframework.boot.test.context.runner.ApplicationContextRunner;

class OidcPropertiesTests {

  private static final String PROVIDER =
      "MYBELLA_OIDC_ISSUER=https://id.example.org,MYBELLA_OIDC_CLIENT_ID=mybella,"
          + "MYBELLA_OIDC_CLIENT_SECRET=keep-this";

  private final ApplicationContextRunner gateway =
      new ApplicationContextRunner()
          .withInitializer(new ConfigDataApplicationContextInitializer())
          .withUserConfiguration(Settings.class);

  @EnableConfigurationProperties({OidcProperties.class, LocalAccountProperties.class})
  private static class Settings extends OidcConfiguration {}

  @Test
  void theSettingsAreTheVariablesOfTheDocumentation() {
    gateway
        .withPropertyValues(PROVIDER.split(",", -1))
        .withPropertyValues(
            "MYBELLA_OIDC_NAME=Example",
            "MYBELLA_OIDC_SCOPES=email  groups",
            "MYBELLA_OIDC_REDIRECT_URI=https://my.example.org/api/auth/oidc/callback",
            "MYBELLA_OIDC_ADMIN_CLAIM=groups",
            "MYBELLA_OIDC_ADMIN_VALUE=admins",
            "MYBELLA_LOCAL_ACCOUNTS=false")
        .run(
            context -> {
              OidcProperties read = context.getBean(OidcProperties.class);
              assertThat(read.issuer()).isEqualTo("https://id.example.org");
              assertThat(read.clientSecret()).isEqualTo("keep-this");
              assertThat(read.scopeSet()).containsExactly("openid", "email", "groups");
              assertThat(read.redirectUri())
                  .isEqualTo("https://my.example.org/api/auth/oidc/callback");
              assertThat(read.adminClaim()).isEqualTo("groups");
              assertThat(read.adminValue()).isEqualTo("admins");
              assertThat(read.toString()).doesNotContain("keep-this");
              assertThat(context.getBean(SignInWays.class))
                  .isEqualTo(new SignInWays(false, "Example"));
            });
  }

  @Test
  void withoutSettingsThereAreLocalAccountsOnly() {
    gateway.run(
        context -> {
          assertThat(context.getBean(SignInWays.class)).isEqualTo(new SignInWays(true, null));
          assertThat(context.getBean(OidcProperties.class).scopeSet())
              .containsExactly("openid", "profile", "email");
        });
  }

  @Test
  void theStartEndsWhenNobodyCouldSignIn() {
    gateway
        .withPropertyValues("MYBELLA_LOCAL_ACCOUNTS=false")
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageStartingWith("Nobody could sign in: local accounts are off"));
  }

  @ParameterizedTest
  @CsvSource({
    "MYBELLA_OIDC_CLIENT_ID=, issuer",
    "MYBELLA_OIDC_CLIENT_SECRET=, issuer",
    "MYBELLA_OIDC_ISSUER=, issuer",
    "MYBELLA_OIDC_ISSUER=id.example.org, issuer is no http(s) address",
    "MYBELLA_OIDC_ISSUER=file:///etc/passwd, issuer is no http(s) address",
    "MYBELLA_OIDC_ISSUER=https://id.example.org?a=b, issuer is no http(s) address",
    "MYBELLA_OIDC_REDIRECT_URI=/callback, redirect-uri is no http(s) address",
    "MYBELLA_OIDC_ADMIN_CLAIM=groups, admin-claim and admin-value belong together",
    "MYBELLA_OIDC_ADMIN_VALUE=admins, admin-claim and admin-value belong together"
  })
  void theStartEndsForSettingsThatAreHalfSaid(String setting, String said) {
    gateway
        .withPropertyValues(PROVIDER.split(",", -1))
        .withPropertyValues(setting)
        .run(
            context ->
                assertThat(context.getStartupFailure())
                    .rootCause()
                    .hasMessageContaining(said)
                    .message()
                    .doesNotContain("keep-this"));
  }

  @Test
  void nobodyWaitsForever() {
    assertThatThrownBy(
            () -> new OidcProperties("", "", "", "", "", "", "", "", java.time.Duration.ZERO))
        .hasMessage("mybella.oidc.timeout must be positive");
  }
}
