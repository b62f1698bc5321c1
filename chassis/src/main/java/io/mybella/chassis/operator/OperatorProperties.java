package io.mybella.chassis.operator;

import jakarta.validation.constraints.Pattern;
import org.springframework.boot.context.properties.ConfigurationProperties;
import org.springframework.boot.context.properties.bind.DefaultValue;
import org.springframework.validation.annotation.Validated;

/**
 * How the operator is recognised.
 *
 * @param token the secret of the paths below {@code /internal}, at least 32 characters without
 *     blanks, the same for all services; empty takes these paths away
 */
@Validated
@ConfigurationProperties("mybella.operator")
record OperatorProperties(
    @DefaultValue("")
        @Pattern(
            regexp = "\\s*|\\S{32,500}",
            message = "must have at least 32 characters and no blanks, or be empty")
        String token) {

  /** Whether there is an operator at all. */
  boolean hasToken() {
    return !token.isBlank();
  }

  /** Never tells the token, wherever it may be printed. */
  @Override
  public String toString() {
    return "OperatorProperties[…]";
  }
}
