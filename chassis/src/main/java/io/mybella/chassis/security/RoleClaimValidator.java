package io.mybella.chassis.security;

import java.util.Set;
import org.springframework.security.oauth2.core.OAuth2Error;
import org.springframework.security.oauth2.core.OAuth2TokenValidator;
import org.springframework.security.oauth2.core.OAuth2TokenValidatorResult;
import org.springframework.security.oauth2.jwt.Jwt;

/** Accepts only tokens that name a user by a positive number and one of the platform's roles. */
final class RoleClaimValidator implements OAuth2TokenValidator<Jwt> {

  private static final Set<String> ROLES = Set.of("user", "admin");

  @Override
  public OAuth2TokenValidatorResult validate(Jwt token) {
    String subject = token.getSubject();
    boolean named = subject != null && subject.matches("[1-9][0-9]{0,17}");
    return named && ROLES.contains(String.valueOf(token.getClaims().get("role")))
        ? OAuth2TokenValidatorResult.success()
        : OAuth2TokenValidatorResult.failure(
            new OAuth2Error("invalid_token", "The token names no user of the platform", null));
  }
}
