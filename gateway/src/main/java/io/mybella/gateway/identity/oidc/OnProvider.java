package io.mybella.gateway.identity.oidc;

import org.springframework.context.annotation.Condition;
import org.springframework.context.annotation.ConditionContext;
import org.springframework.core.type.AnnotatedTypeMetadata;

/** Matches when a provider is configured; without one nothing of this room is there. */
public final class OnProvider implements Condition {

  /** For Spring, which makes conditions by name. */
  public OnProvider() {}

  @Override
  public boolean matches(ConditionContext context, AnnotatedTypeMetadata metadata) {
    return !context.getEnvironment().getProperty("mybella.oidc.issuer", "").isBlank();
  }
}
